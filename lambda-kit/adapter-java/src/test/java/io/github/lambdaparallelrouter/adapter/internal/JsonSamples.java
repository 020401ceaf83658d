package io.github.lambdaparallelrouter.adapter.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random JSON values and texts, the same for the same seed. */
final class JsonSamples {
  private static final String[] TEXTS = {
    "",
    "a",
    "\u0000\u001f",
    "\"\\/\b\f\n\r\t",
    "\u2028\u00e9",
    "\ud83d\ude00",
    "\uffff",
    "\u007f",
    "{}[]:,"
  };

  private static final String MARKS = "{}[]:,\"\\0123eE.+-tfnul \n\u0001/";

  private final Random random;

  JsonSamples(long seed) {
    random = new Random(seed);
  }

  Object value(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> whole();
      case 3 -> fraction();
      case 4, 5 -> text();
      case 6 -> list(depth);
      default -> map(depth);
    };
  }

  /** The text with one unit taken out, put in or changed. */
  String mutated(String text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(2));
    String inserted =
        random.nextBoolean() ? "" : String.valueOf(MARKS.charAt(random.nextInt(MARKS.length())));
    return text.substring(0, at) + inserted + text.substring(end);
  }

  /** Text that may hold half a pair. */
  String anyText() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(
          random.nextInt(3) == 0
              ? (char) (0xd800 + random.nextInt(0x800))
              : (char) random.nextInt(0x10000));
    }
    return text.toString();
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)] + TEXTS[random.nextInt(TEXTS.length)];
  }

  private Number whole() {
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt();
      case 1 -> (1L << 40) + random.nextInt();
      default -> new BigInteger(100, random).add(BigInteger.ONE.shiftLeft(70));
    };
  }

  private Number fraction() {
    return random.nextBoolean()
        ? Double.valueOf(random.nextInt() + 0.5)
        : new BigDecimal(
            "0.1" + "0".repeat(20) + (1 + random.nextInt(9)) + "e" + random.nextInt(20));
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(depth - 1));
    }
    return list;
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(text(), value(depth - 1));
    }
    return map;
  }
}
