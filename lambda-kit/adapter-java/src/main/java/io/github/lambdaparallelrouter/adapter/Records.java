package io.github.lambdaparallelrouter.adapter;

import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What goes over the wire about one item, as JSON in UTF-8. */
final class Records {
  /**
   * Most UTF-16 units or bytes in one record: 768 KiB even if JSON escapes every unit, below a
   * router's line limit.
   */
  static final int MAX_CHUNK_LENGTH = 128 * 1024;

  private Records() {}

  /** One item's whole answer, as in the document of a buffered batch. */
  static byte[] response(String id, Map<String, Object> head, Object chunk) {
    return encode(whole(named(id), head, chunk));
  }

  /** One item's whole answer, as a record of a stream. */
  static byte[] oneRecord(String id, Map<String, Object> head, Object chunk) {
    return encode(whole(versioned(id), head, chunk));
  }

  static byte[] head(String id, Map<String, Object> head) {
    Map<String, Object> record = versioned(id);
    record.put("type", "head");
    record.putAll(head);
    return encode(record);
  }

  static byte[] chunk(String id, Object chunk) {
    Map<String, Object> record = versioned(id);
    record.put("type", "chunk");
    putBody(record, chunk);
    return encode(record);
  }

  static byte[] end(String id) {
    Map<String, Object> record = versioned(id);
    record.put("type", "end");
    return encode(record);
  }

  /**
   * After the head the client cannot be told a status any more; the router resets its connection.
   */
  static byte[] error(String id, ItemFailure failure, boolean afterHead) {
    boolean brokenBody = afterHead && failure.phase() == Phase.BODY;
    Map<String, Object> record = versioned(id);
    record.put("type", "error");
    record.put("statusCode", failure.status());
    record.put("message", brokenBody ? "stream error" : failure.message());
    return encode(record);
  }

  /** The head of the answer to an item that failed before anything of its response was sent. */
  static Map<String, Object> failedHead(ItemFailure failure) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("statusCode", failure.status());
    head.put("headers", Map.of("content-type", "text/plain"));
    return head;
  }

  /** Adds {@code body} and {@code isBase64Encoded}. */
  static void putBody(Map<String, Object> record, Object chunk) {
    boolean isBytes = chunk instanceof byte[];
    record.put("body", isBytes ? Base64.getEncoder().encodeToString((byte[]) chunk) : chunk);
    record.put("isBase64Encoded", isBytes);
  }

  /** UTF-16 units of text, or bytes. */
  static int lengthOf(Object chunk) {
    return chunk instanceof byte[] bytes ? bytes.length : ((String) chunk).length();
  }

  /**
   * The pieces of a chunk that fit a record each, none cut through a surrogate pair; none for an
   * empty chunk.
   */
  static List<Object> split(Object chunk) {
    List<Object> pieces = new ArrayList<>();
    int length = lengthOf(chunk);
    int start = 0;
    while (start < length) {
      int end = Math.min(start + MAX_CHUNK_LENGTH, length);
      if (chunk instanceof byte[] bytes) {
        pieces.add(Arrays.copyOfRange(bytes, start, end));
      } else {
        String text = (String) chunk;
        end -= end < length && Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0;
        pieces.add(text.substring(start, end));
      }
      start = end;
    }
    return pieces;
  }

  private static Map<String, Object> whole(
      Map<String, Object> record, Map<String, Object> head, Object chunk) {
    record.putAll(head);
    putBody(record, chunk);
    return record;
  }

  private static Map<String, Object> named(String id) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("id", id);
    return record;
  }

  private static Map<String, Object> versioned(String id) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("v", BatchEvent.WIRE_VERSION);
    record.put("id", id);
    return record;
  }

  private static byte[] encode(Map<String, Object> record) {
    return JsonWriter.write(record).getBytes(StandardCharsets.UTF_8);
  }
}
