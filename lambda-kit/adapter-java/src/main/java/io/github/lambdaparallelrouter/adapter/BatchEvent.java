package io.github.lambdaparallelrouter.adapter;

import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Batch events: telling them from others, and reading their items. */
final class BatchEvent {
  static final int WIRE_VERSION = 1;

  private BatchEvent() {}

  /** Whether the event is a batch from the router; anything else is an ordinary event. */
  static boolean isBatch(Object event) {
    return event instanceof Map<?, ?> members
        && members.containsKey("v")
        && members.get("batch") instanceof List;
  }

  /**
   * Refuses a version that this adapter does not speak.
   *
   * @throws IllegalArgumentException with the version
   */
  static void checkVersion(Map<?, ?> batch) {
    Object version = batch.get("v");
    if (version instanceof Number number && number.doubleValue() == WIRE_VERSION) {
      return;
    }
    throw new IllegalArgumentException(
        "batch event: expected version %d, got %s; update lpr-lambda-adapter to a release that speaks it"
            .formatted(WIRE_VERSION, JsonWriter.write(version)));
  }

  /**
   * Returns the items that can be answered, in order. One without an id, or with the id of an
   * earlier one, can not: it is reported and left out, and the others go on.
   */
  static List<Item> readItems(Map<?, ?> batch, Reporter reporter) {
    Map<String, Item> items = new LinkedHashMap<>();
    List<?> entries = (List<?>) batch.get("batch");
    for (int index = 0; index < entries.size(); index++) {
      Object event = entries.get(index);
      String id = idOf(event);
      String problem = problemWith(id, items);
      if (problem == null) {
        items.put(id, new Item(id, event));
      } else {
        Exception error = new IllegalArgumentException("batch[" + index + "]: " + problem);
        reporter.failure(new ItemFailure(Phase.ITEM, error), new Item(id, event));
      }
    }
    return new ArrayList<>(items.values());
  }

  /** The member of a map; null for anything else. */
  static Object get(Object value, String key) {
    return value instanceof Map<?, ?> members ? members.get(key) : null;
  }

  private static String problemWith(String id, Map<String, Item> earlier) {
    if (id.isEmpty()) {
      return "expected an id in requestContext.requestId, got none";
    }
    return earlier.containsKey(id)
        ? "expected an id of its own, got " + id + ", which an earlier item has"
        : null;
  }

  /**
   * The text or number in {@code requestContext.requestId}, else in {@code id}, else the empty
   * string.
   */
  static String idOf(Object event) {
    Object found = get(get(event, "requestContext"), "requestId");
    Object id = found == null ? get(event, "id") : found;
    return id instanceof String || id instanceof Number ? id.toString() : "";
  }
}
