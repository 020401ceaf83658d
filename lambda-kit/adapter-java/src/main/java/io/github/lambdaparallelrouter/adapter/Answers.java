package io.github.lambdaparallelrouter.adapter;

import java.io.IOException;

/**
 * Where the answers of one batch go. An item whose scope is closed has its answer; what comes later
 * is dropped.
 */
interface Answers {
  /** Answers an item, in the thread of its handler. */
  void answer(int index, Item item, ParsedResponse response, ItemScope scope) throws ItemFailure;

  /** Answers an item that failed. Returns whether that was still to be done. */
  boolean fail(int index, Item item, ItemFailure failure, ItemScope scope);

  /** Why nobody can be answered any more; null while somebody can. */
  IOException broken();

  /** Sends what is not sent yet; every item has its answer. */
  void finish() throws IOException;
}
