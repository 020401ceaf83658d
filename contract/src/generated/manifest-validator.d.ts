// Generated from contract/schema/manifest.schema.json by `npm run generate`. Do not edit.

export interface SchemaError {
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  message?: string
}
declare const validate: { (data: unknown): boolean; errors?: SchemaError[] | null }
export default validate
