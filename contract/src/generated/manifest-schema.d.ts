// Generated from contract/schema/manifest.schema.json by `npm run generate`. Do not edit.

declare const schema: Record<string, unknown>
export default schema
