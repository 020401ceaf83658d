package io.github.lambdaparallelrouter.adapter.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;

/** Text, numbers and booleans as the types that handlers declare for them. */
final class Scalars {
  /**
   * By the type wanted: what makes one of the text of a number. None of them loses anything in
   * silence.
   */
  private static final Map<Class<?>, Function<String, Object>> NUMBERS =
      Map.of(
          Integer.class, text -> new BigDecimal(text).intValueExact(),
          Long.class, text -> new BigDecimal(text).longValueExact(),
          Short.class, text -> new BigDecimal(text).shortValueExact(),
          Byte.class, text -> new BigDecimal(text).byteValueExact(),
          Double.class, Double::valueOf,
          Float.class, Float::valueOf,
          BigInteger.class, text -> new BigDecimal(text).toBigIntegerExact(),
          BigDecimal.class, BigDecimal::new,
          Number.class, BigDecimal::new);

  private static final Map<Class<?>, Class<?>> BOXES =
      Map.of(
          int.class, Integer.class,
          long.class, Long.class,
          short.class, Short.class,
          byte.class, Byte.class,
          double.class, Double.class,
          float.class, Float.class,
          boolean.class, Boolean.class);

  private Scalars() {}

  /**
   * Returns the text, number or boolean as a value of the type.
   *
   * @throws JsonException if it cannot be one
   */
  static Object read(Object json, Class<?> declared) {
    Class<?> type = BOXES.getOrDefault(declared, declared);
    if (type.isInstance(json)) {
      return json;
    }
    try {
      return convert(json, type);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new JsonException(
          "expected a " + type.getName() + ", got " + JsonWriter.write(json), e);
    }
  }

  /** What a primitive has without a value; null for other types. */
  static Object defaultOf(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    return type.isPrimitive() ? NUMBERS.get(BOXES.get(type)).apply("0") : null;
  }

  private static Object convert(Object json, Class<?> type) {
    String text = json.toString();
    if (type == String.class || type == CharSequence.class) {
      return text;
    }
    if (NUMBERS.containsKey(type) && !(json instanceof Boolean)) {
      return NUMBERS.get(type).apply(text);
    }
    if (type == Boolean.class && (text.equals("true") || text.equals("false"))) {
      return Boolean.valueOf(text);
    }
    if (type == byte[].class) {
      return Base64.getDecoder().decode(text);
    }
    for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
      if (((Enum<?>) constant).name().equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("no such value");
  }
}
