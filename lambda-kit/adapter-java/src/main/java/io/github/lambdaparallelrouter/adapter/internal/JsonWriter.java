package io.github.lambdaparallelrouter.adapter.internal;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes compact JSON.
 *
 * <p>Takes what {@link JsonReader} gives, and what handlers return beyond that: any {@link
 * Iterable}, array, number or text, and objects with properties ({@link BeanWriter}). Half a
 * surrogate pair is written as U+FFFD, as UTF-8 cannot carry it and strict readers refuse its
 * escape.
 */
public final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out = new StringBuilder();
  private int depth;

  private JsonWriter() {}

  /**
   * Returns the value as JSON.
   *
   * @throws JsonException for what has no JSON: numbers that are none, objects without properties,
   *     cycles
   */
  public static String write(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value);
    return writer.out.toString();
  }

  /** Returns the text with every lone half of a surrogate pair replaced by U+FFFD. */
  public static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int[] points = text.codePoints().map(JsonWriter::replaceSurrogate).toArray();
        return new String(points, 0, points.length);
      }
    }
    return text;
  }

  private static int replaceSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point;
  }

  private void value(Object value) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof CharSequence || value instanceof Character) {
      string(value.toString());
    } else if (value instanceof Number number) {
      number(number);
    } else {
      if (++depth > JsonReader.MAX_DEPTH) {
        throw new JsonException(
            "JSON: expected at most " + JsonReader.MAX_DEPTH + " levels of nesting, got a cycle?");
      }
      composite(value);
      depth--;
    }
  }

  private void composite(Object value) {
    if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof Iterable<?> elements && !(value instanceof java.nio.file.Path)) {
      array(elements);
    } else if (value instanceof Object[] elements) {
      array(Arrays.asList(elements));
    } else if (value.getClass().isArray() && !(value instanceof byte[])) {
      array(boxed(value));
    } else {
      // What it is described by is simpler than itself, so this ends.
      value(BeanWriter.describe(value));
    }
  }

  private static Iterable<?> boxed(Object array) {
    Object[] elements = new Object[Array.getLength(array)];
    Arrays.setAll(elements, index -> Array.get(array, index));
    return Arrays.asList(elements);
  }

  private void object(Map<?, ?> members) {
    char separator = '{';
    for (Map.Entry<?, ?> member : members.entrySet()) {
      out.append(separator);
      string(String.valueOf(member.getKey()));
      out.append(':');
      value(member.getValue());
      separator = ',';
    }
    out.append(separator == '{' ? "{}" : "}");
  }

  private void array(Iterable<?> elements) {
    char separator = '[';
    for (Object element : elements) {
      out.append(separator);
      value(element);
      separator = ',';
    }
    out.append(separator == '[' ? "[]" : "]");
  }

  private void number(Number number) {
    boolean isFraction = number instanceof Double || number instanceof Float;
    if (isFraction && !Double.isFinite(number.doubleValue())) {
      throw new JsonException("JSON: expected a finite number, got " + number);
    }
    if (isFraction || isPlain(number)) {
      out.append(number);
    } else {
      // Counters and the like: what they say of themselves need not be JSON.
      out.append(new BigDecimal(number.toString()));
    }
  }

  private static boolean isPlain(Number number) {
    Class<?> type = number.getClass();
    return type == Integer.class
        || type == Long.class
        || type == BigInteger.class
        || type == BigDecimal.class;
  }

  private void string(String text) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isHighSurrogate(unit)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (unit < ' ' || unit == '"' || unit == '\\' || Character.isSurrogate(unit)) {
        out.append(text, written, i);
        escape(unit);
        written = i + 1;
      }
    }
    out.append(text, written, text.length()).append('"');
  }

  private void escape(char unit) {
    int index = "\"\\\b\f\n\r\t".indexOf(unit);
    if (Character.isSurrogate(unit)) {
      out.append('\uFFFD');
    } else if (index >= 0) {
      out.append('\\').append("\"\\bfnrt".charAt(index));
    } else {
      out.append("\\u00").append(HEX[unit >> 4]).append(HEX[unit & 15]);
    }
  }
}
