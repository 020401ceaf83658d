declare module 'cfn-response-promise' {
  export const SUCCESS: 'SUCCESS'
  export const FAILED: 'FAILED'
  export function send(
    event: { ResponseURL: string; StackId: string; RequestId: string; LogicalResourceId: string },
    context: { logStreamName: string; done: () => void },
    responseStatus: string,
    responseData?: Record<string, unknown>,
    physicalResourceId?: string,
    noEcho?: boolean,
  ): Promise<void>
}
