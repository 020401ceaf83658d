package io.github.lambdaparallelrouter.adapter;

/**
 * Answers one request. Called for several items of a batch at the same time, each in a thread of
 * its own.
 */
@FunctionalInterface
public interface ItemHandler {
  /**
   * Returns the response; null answers the JSON {@code null}. Whatever is thrown fails this request
   * only.
   */
  Response handle(Request request) throws Exception;
}
