/**
 * A function that keeps its last result, for texts that are made of a value which mostly is what it was for the request before.
 * What comes in turn with others is made anew each time, and costs a comparison more.
 */
export function keepingLast<Value extends string | number>(
  make: (value: Value) => string,
): (value: Value) => string {
  let last: Value | undefined
  let text = ''
  return (value) => {
    if (value !== last) {
      text = make(value)
      last = value
    }
    return text
  }
}
