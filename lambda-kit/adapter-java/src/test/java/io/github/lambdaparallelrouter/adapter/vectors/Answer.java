package io.github.lambdaparallelrouter.adapter.vectors;

import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came back, compared with what a vector expects; contract/vectors/README.md says what counts
 * as equal.
 */
final class Answer {
  private static final int MAX_LINE_LENGTH = 1024 * 1024;

  private Answer() {}

  /** What is wrong with the output; nothing if it is as expected. */
  static List<String> problems(Vector vector, String mode, byte[] output) {
    String text = new String(output, StandardCharsets.UTF_8);
    Map<?, ?> expected = vector.expected();
    if (expected.containsKey("direct")) {
      return difference("value", expected.get("direct"), JsonReader.read(text));
    }
    return mode.equals("buffered")
        ? compareBuffered(vector, text)
        : compareStream(vector, mode, text);
  }

  private static List<String> compareBuffered(Vector vector, String text) {
    Map<?, ?> got = (Map<?, ?>) JsonReader.read(text);
    Map<?, ?> expected = (Map<?, ?>) Vector.expand(vector.expected().get("buffered"));
    List<String> problems = difference("v", 1, got.get("v"));
    problems.addAll(
        difference("ids", idsOf(expected.get("responses")), idsOf(got.get("responses"))));
    if (problems.isEmpty()) {
      List<?> wanted = (List<?>) expected.get("responses");
      for (int i = 0; i < wanted.size(); i++) {
        Object response = ((List<?>) got.get("responses")).get(i);
        problems.addAll(
            compareRecords(vector, "response " + i, List.of(wanted.get(i)), List.of(response)));
      }
    }
    return withLoneSurrogates(problems, text);
  }

  private static List<String> compareStream(Vector vector, String mode, String text) {
    Map<String, List<Object>> got = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String line : text.split("\n")) {
      if (!line.isEmpty()) {
        Map<?, ?> record = (Map<?, ?>) JsonReader.read(line);
        problems.addAll(difference("v of a record", 1, record.get("v")));
        problems.addAll(difference("line too long", false, line.length() > MAX_LINE_LENGTH));
        // Removed first, so that the order is that of the latest records.
        List<Object> records = got.remove((String) record.get("id"));
        records = records == null ? new ArrayList<>() : records;
        records.add(record);
        got.put((String) record.get("id"), records);
      }
    }
    Map<?, ?> expected = (Map<?, ?>) Vector.expand(vector.expected().get(mode));
    problems.addAll(
        difference("ids", new TreeMap<>(expected).keySet(), new TreeMap<>(got).keySet()));
    expected.forEach(
        (id, records) ->
            problems.addAll(
                compareRecords(
                    vector,
                    "records of " + id,
                    (List<?>) records,
                    got.getOrDefault(id, List.of()))));
    Object order = vector.expected().get("order");
    if (order != null) {
      problems.addAll(difference("order", order, new ArrayList<>(got.keySet())));
    }
    return withLoneSurrogates(problems, text);
  }

  private static List<String> withLoneSurrogates(List<String> problems, String text) {
    boolean escaped =
        text.toLowerCase(Locale.ROOT).contains("\\ud8")
            || text.toLowerCase(Locale.ROOT).contains("\\udc");
    problems.addAll(difference("lone surrogates", false, escaped));
    return problems;
  }

  private static List<String> compareRecords(
      Vector vector, String what, List<?> expected, List<?> got) {
    return vector.comparesAnswers()
        ? difference(what, fold(plain(expected)), fold(plain(got)))
        : difference(what, plain(expected), plain(got));
  }

  /** Records with their defaults written out and without the freedoms that an adapter has. */
  private static List<Map<String, Object>> plain(List<?> records) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Object one : records) {
      Map<String, Object> record = plain((Map<?, ?>) one);
      if (!"chunk".equals(record.get("type")) || !"".equals(record.get("body"))) {
        all.add(record);
      }
    }
    return all;
  }

  private static Map<String, Object> plain(Map<?, ?> record) {
    Map<String, Object> result = new TreeMap<>();
    record.forEach((name, value) -> result.put((String) name, value));
    result.putIfAbsent("type", "whole");
    boolean hasHead = List.of("whole", "head").contains(result.get("type"));
    boolean hasBody = List.of("whole", "chunk").contains(result.get("type"));
    if (hasHead) {
      readHeaders(record, result);
    }
    if (hasBody) {
      result.putIfAbsent("body", "");
      result.putIfAbsent("isBase64Encoded", false);
    }
    return result;
  }

  private static void readHeaders(Map<?, ?> record, Map<String, Object> result) {
    Map<String, Object> values = new TreeMap<>();
    each(record.get("headers"), (name, value) -> values.put(name, List.of(value)));
    each(record.get("multiValueHeaders"), values::put);
    List<Object> cookies = new ArrayList<>();
    cookies.addAll(record.get("cookies") instanceof List<?> list ? list : List.of());
    cookies.addAll(values.remove("set-cookie") instanceof List<?> list ? list : List.of());
    result.remove("multiValueHeaders");
    result.put("headers", values);
    result.put("cookies", cookies);
  }

  private static void each(Object map, java.util.function.BiConsumer<String, Object> action) {
    if (map instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) -> action.accept(((String) name).toLowerCase(Locale.ROOT), value));
    }
  }

  /** What the records of one item amount to, however they are cut. */
  private static Map<String, Object> fold(List<Map<String, Object>> records) {
    Map<String, Object> answer = new TreeMap<>();
    java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
    for (Map<String, Object> record : records) {
      Object type = record.get("type");
      if (type.equals("whole") || type.equals("head")) {
        answer.put(
            "head",
            Arrays.asList(record.get("statusCode"), record.get("headers"), record.get("cookies")));
      }
      if (record.get("body") instanceof String text) {
        body.writeBytes(bytesOf(text, record.get("isBase64Encoded")));
      }
      if (!type.equals("head") && !type.equals("chunk")) {
        answer.put("ending", type.equals("error") ? record.get("message") : "complete");
      }
    }
    answer.put("body", Base64.getEncoder().encodeToString(body.toByteArray()));
    return answer;
  }

  private static byte[] bytesOf(String text, Object isBase64) {
    return Boolean.TRUE.equals(isBase64)
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Object> idsOf(Object responses) {
    List<Object> ids = new ArrayList<>();
    ((List<?>) responses).forEach(response -> ids.add(((Map<?, ?>) response).get("id")));
    return ids;
  }

  static List<String> difference(String what, Object expected, Object got) {
    List<String> problems = new ArrayList<>();
    if (!java.util.Objects.equals(expected, got)) {
      problems.add(what + ": expected " + shortened(expected) + ", got " + shortened(got));
    }
    return problems;
  }

  private static String shortened(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 2000 ? text : text.substring(0, 2000) + "...";
  }
}
