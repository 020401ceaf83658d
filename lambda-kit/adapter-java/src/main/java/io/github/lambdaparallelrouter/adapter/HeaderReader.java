package io.github.lambdaparallelrouter.adapter;

import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the header maps and cookies of a returned map. */
final class HeaderReader {
  private record Entry(String name, List<String> values) {}

  private HeaderReader() {}

  /**
   * Adds {@code headers} to the head, and {@code multiValueHeaders} and {@code cookies} where there
   * is something to say.
   *
   * <p>Names that differ only by case are one name, where both maps have it {@code
   * multiValueHeaders} wins as in API Gateway, and {@code set-cookie} moves to {@code cookies}.
   * Throws what a value's own {@code toString} throws.
   */
  static void read(Map<?, ?> response, Map<String, Object> head) {
    Map<String, Entry> entries = entriesOf(response.get("headers"));
    entries.putAll(entriesOf(response.get("multiValueHeaders")));
    Entry setCookie = entries.remove("set-cookie");
    List<String> cookies = cookiesOf(response.get("cookies"));
    if (setCookie != null) {
      cookies.addAll(setCookie.values);
    }
    writeMaps(entries, head);
    if (!cookies.isEmpty()) {
      head.put("cookies", cookies);
    }
  }

  /** Keyed by the name in lower case. */
  private static Map<String, Entry> entriesOf(Object map) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    if (map == null) {
      return entries;
    }
    if (!(map instanceof Map<?, ?> headers)) {
      throw new IllegalArgumentException(
          "headers: expected a map of values, got " + map.getClass().getName());
    }
    headers.forEach(
        (key, value) -> {
          String name = JsonWriter.wellFormed(String.valueOf(key));
          List<String> values = texts(value);
          if (!values.isEmpty()) {
            entries
                .computeIfAbsent(
                    name.toLowerCase(Locale.ROOT), none -> new Entry(name, new ArrayList<>()))
                .values
                .addAll(values);
          }
        });
    return entries;
  }

  /**
   * A router that knows no {@code multiValueHeaders} still gets every value, joined as HTTP allows
   * for lists.
   */
  private static void writeMaps(Map<String, Entry> entries, Map<String, Object> head) {
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, List<String>> several = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      headers.put(entry.name, String.join(", ", entry.values));
      if (entry.values.size() > 1) {
        several.put(entry.name, entry.values);
      }
    }
    head.put("headers", headers);
    if (!several.isEmpty()) {
      head.put("multiValueHeaders", several);
    }
  }

  private static List<String> cookiesOf(Object value) {
    List<String> cookies = new ArrayList<>();
    for (String text : texts(value)) {
      if (!text.isBlank()) {
        cookies.add(text.strip());
      }
    }
    return cookies;
  }

  private static List<String> texts(Object value) {
    List<String> texts = new ArrayList<>();
    for (Object one :
        value instanceof Iterable<?> several ? several : Collections.singletonList(value)) {
      if (one != null) {
        texts.add(text(one));
      }
    }
    return texts;
  }

  /** Bytes mean latin-1, as HTTP has it. */
  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : JsonWriter.wellFormed(value.toString());
  }
}
