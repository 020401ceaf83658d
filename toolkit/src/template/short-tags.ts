const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
]

const LONG_NAMES = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
])

/**
 * The long name of a CloudFormation short tag (`!GetAtt` is `Fn::GetAtt`), or undefined for any other tag.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function longName(tag: string): string | undefined {
  return LONG_NAMES.get(tag)
}

/** The argument in the form CloudFormation hands to macros: `!GetAtt A.B.C` becomes `['A', 'B.C']`. */
export function longArgument(name: string, argument: unknown): unknown {
  if (name !== 'Fn::GetAtt' || typeof argument !== 'string') return argument
  const dot = argument.indexOf('.')
  return dot < 0 ? argument : [argument.slice(0, dot), argument.slice(dot + 1)]
}
