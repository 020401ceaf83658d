package io.github.lambdaparallelrouter.adapter;

/**
 * How a batch is answered; the router understands each of them in either invoke mode of a route.
 */
public enum AnswerMode {
  /** One document with all responses, when the last item is done. The default. */
  BUFFERED,
  /** NDJSON: a line with the whole response of an item as soon as that item is done. */
  STREAM,
  /**
   * NDJSON: the head of a response at once, then its body piece by piece, the lines of all items
   * mixed.
   */
  INTERLEAVED
}
