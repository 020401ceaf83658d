package io.github.lambdaparallelrouter.adapter;

/** Where an item went wrong. */
public enum Phase {
  /** No id, or one that another item has; it is not handled. */
  ITEM,
  /** The handler threw. */
  HANDLER,
  /** A return value that is no response, or too large. */
  RESPONSE,
  /** Reading the body failed. */
  BODY,
  /** Not done when the time of the invocation was up. */
  DEADLINE,
  /** The output of the function failed. */
  WRITE
}
