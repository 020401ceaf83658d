/** What CloudFormation sends to a custom resource. All scalars in the properties are strings. */
export interface CustomResourceEvent {
  /** `Create`, `Update` or `Delete`. */
  RequestType: string
  ResponseURL: string
  StackId: string
  RequestId: string
  LogicalResourceId: string
  /** With `Update` and `Delete`. It may be an id that we never gave: CloudFormation makes up one of its own. */
  PhysicalResourceId?: string
  ResourceProperties?: Record<string, unknown>
  /** With `Update`; the rollback of an update is an update with both sets of properties swapped. */
  OldResourceProperties?: Record<string, unknown>
  [other: string]: unknown
}

/** What of the Lambda context is used. */
export interface InvocationContext {
  logStreamName?: string
  invokedFunctionArn?: string
}

/** What is told to CloudFormation. */
export interface Reply {
  status: 'SUCCESS' | 'FAILED'
  physicalResourceId: string
  /** Why it failed. */
  reason?: string
  /** Attributes for `Fn::GetAtt`. */
  data?: Record<string, string>
}
