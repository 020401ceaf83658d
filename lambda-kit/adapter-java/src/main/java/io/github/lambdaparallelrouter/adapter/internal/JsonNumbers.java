package io.github.lambdaparallelrouter.adapter.internal;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Numbers of JSON as those of Java, without loss: the types that Lambda's own serializer gives a
 * handler for a map ({@link Integer}, {@link Long}, {@link BigInteger}, {@link Double}), except
 * that a fraction which no double holds exactly is a {@link BigDecimal}.
 */
final class JsonNumbers {
  /** Longest number that is read: time to parse one grows with the square of its length. */
  static final int MAX_LENGTH = 1000;

  /**
   * Largest exponent that is read: as an integer, ten to the power of two thousand million fills
   * the memory.
   */
  private static final int MAX_EXPONENT = 100_000;

  private JsonNumbers() {}

  /**
   * Returns the number of which the text is JSON.
   *
   * @throws NumberFormatException whose message says what is expected instead
   */
  static Number read(String text, boolean isWhole) {
    if (text.length() > MAX_LENGTH) {
      throw new NumberFormatException("a number of at most " + MAX_LENGTH + " characters");
    }
    return isWhole ? whole(text) : fraction(text);
  }

  private static Number whole(String text) {
    if (text.equals("-0")) {
      return -0.0;
    }
    BigInteger exact = new BigInteger(text);
    if (exact.bitLength() >= Long.SIZE) {
      return exact;
    }
    if (exact.bitLength() >= Integer.SIZE) {
      return exact.longValue();
    }
    return exact.intValue();
  }

  private static Number fraction(String text) {
    BigDecimal exact;
    try {
      exact = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw unreasonableExponent();
    }
    if (Math.abs((long) exact.scale()) > MAX_EXPONENT) {
      throw unreasonableExponent();
    }
    double value = exact.doubleValue();
    if (Double.isFinite(value) && exact.compareTo(BigDecimal.valueOf(value)) == 0) {
      return value;
    }
    return exact;
  }

  private static NumberFormatException unreasonableExponent() {
    return new NumberFormatException("an exponent of reasonable size");
  }
}
