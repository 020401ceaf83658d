package io.github.lambdaparallelrouter.adapter.vectors;

import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One case of contract/vectors, whose README has the rules. */
record Vector(Map<?, ?> fields) {
  static List<Vector> all() {
    try (Stream<Path> files = Files.list(Path.of("../../contract/vectors/cases"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(Vector::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector read(Path file) {
    try {
      return new Vector((Map<?, ?>) JsonReader.read(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return (String) fields.get("name");
  }

  List<?> modes() {
    return (List<?>) fields.get("modes");
  }

  List<?> requires() {
    return fields.get("requires") instanceof List<?> features ? features : List.of();
  }

  Map<?, ?> expected() {
    return (Map<?, ?>) fields.get("expected");
  }

  Map<?, ?> inside() {
    return (Map<?, ?>) expected().get("inside");
  }

  boolean comparesAnswers() {
    return "answers".equals(fields.get("compare"));
  }

  /** The event to send: with times made absolute, and with the scripts and the setup on board. */
  Object event(String run) {
    Map<Object, Object> event = fieldsOf(expand(fields.get("event")));
    if (!event.containsKey("v") || !(event.get("batch") instanceof List<?> items)) {
      return withScript(event, run);
    }
    event.put("batch", items.stream().map(item -> withScript(item, run)).toList());
    if (event.get("meta") instanceof Map<?, ?> meta) {
      Map<Object, Object> changed = fieldsOf(meta);
      Map<Object, Object> setup = new LinkedHashMap<>();
      setup.put("options", fields.get("options") == null ? Map.of() : fields.get("options"));
      if (fields.containsKey("remainingMs")) {
        setup.put("remainingMs", fields.get("remainingMs"));
      }
      changed.put("vector", setup);
      event.put("meta", changed);
    }
    return event;
  }

  /** Writes out what vectors abbreviate: long texts, and times that are counted from now. */
  static Object expand(Object value) {
    if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(one -> elements.add(expand(one)));
      return elements;
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    if (map.containsKey("$nowPlusMs")) {
      return System.currentTimeMillis() + (Integer) map.get("$nowPlusMs");
    }
    if (map.containsKey("$repeat")) {
      return Script.repeat((List<?>) map.get("$repeat"));
    }
    Map<Object, Object> expanded = new LinkedHashMap<>();
    map.forEach((name, one) -> expanded.put(name, expand(one)));
    return expanded;
  }

  private Object withScript(Object item, String run) {
    Map<?, ?> scripts = fields.get("scripts") instanceof Map<?, ?> map ? map : Map.of();
    Object own = scripts.get(idOf(item));
    Object script = own == null ? scripts.get("*") : own;
    if (!(item instanceof Map<?, ?>) || script == null) {
      return item;
    }
    Map<Object, Object> changed = fieldsOf(item);
    Map<Object, Object> headers = fieldsOf(changed.get("headers"));
    headers.put("x-lpr-script", JsonWriter.write(script));
    headers.put("x-lpr-run", run);
    changed.put("headers", headers);
    return changed;
  }

  private static String idOf(Object item) {
    Map<Object, Object> members = fieldsOf(item);
    Object own = fieldsOf(members.get("requestContext")).get("requestId");
    return String.valueOf(own == null ? members.get("id") : own);
  }

  private static Map<Object, Object> fieldsOf(Object value) {
    return value instanceof Map<?, ?> map ? new LinkedHashMap<>(map) : new LinkedHashMap<>();
  }
}
