package io.github.lambdaparallelrouter.adapter;

/**
 * What an error is about.
 *
 * @param requestId the item's id; that of the invocation if no item is concerned, or the item has
 *     none
 * @param item the item as parsed JSON, maps and lists; null if no item is concerned
 * @param phase where it went wrong
 */
public record ErrorInfo(String requestId, Object item, Phase phase) {}
