package io.github.lambdaparallelrouter.adapter.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON as RFC 8259 has it and nothing more: no comments, no trailing commas, no NaN.
 *
 * <p>Objects become {@link LinkedHashMap}s, of members with the same name the last counts, arrays
 * become {@link ArrayList}s, numbers what {@link JsonNumbers} says. Strings may hold half a
 * surrogate pair, which JSON can escape.
 */
public final class JsonReader {
  /**
   * Deepest nesting that is read: a recursion without a bound would end the process, not the parse.
   */
  public static final int MAX_DEPTH = 500;

  private final String text;
  private int at;
  private int depth;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Returns the value of a whole document in UTF-8.
   *
   * @throws JsonException with the position, what was expected there and what was found
   */
  public static Object read(byte[] utf8) {
    try {
      return read(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new JsonException("JSON: expected UTF-8, got bytes that are none", e);
    }
  }

  /**
   * Returns the value of a whole document.
   *
   * @throws JsonException with the position, what was expected there and what was found
   */
  public static Object read(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    reader.skipSpace();
    if (reader.at < text.length()) {
      throw reader.unexpected("the end");
    }
    return value;
  }

  private Object value() {
    skipSpace();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    open();
    if (!endsWith('}')) {
      do {
        skipSpace();
        if (peek() != '"') {
          throw unexpected("a name in quotes");
        }
        String name = string();
        skipSpace();
        expect(':');
        members.put(name, value());
      } while (continues('}'));
    }
    depth--;
    return members;
  }

  private List<Object> array() {
    List<Object> elements = new ArrayList<>();
    open();
    if (!endsWith(']')) {
      do {
        elements.add(value());
      } while (continues(']'));
    }
    depth--;
    return elements;
  }

  private void open() {
    at++;
    if (++depth > MAX_DEPTH) {
      throw unexpected("at most " + MAX_DEPTH + " levels of nesting");
    }
  }

  private boolean endsWith(char close) {
    skipSpace();
    if (peek() != close) {
      return false;
    }
    at++;
    return true;
  }

  private boolean continues(char close) {
    if (endsWith(close)) {
      return false;
    }
    if (peek() != ',') {
      throw unexpected("',' or '" + close + "'");
    }
    at++;
    return true;
  }

  private String string() {
    at++;
    int start = at;
    while (peek() != '"' && peek() != '\\') {
      plainUnit();
    }
    if (peek() == '"') {
      return text.substring(start, at++);
    }
    StringBuilder built = new StringBuilder().append(text, start, at);
    while (peek() != '"') {
      built.append(peek() == '\\' ? escape() : plainUnit());
    }
    at++;
    return built.toString();
  }

  private char plainUnit() {
    char unit = peek();
    if (unit < ' ') {
      throw unexpected("text, with control characters escaped");
    }
    at++;
    return unit;
  }

  private char escape() {
    at++;
    char kind = peek();
    int index = "\"\\/bfnrtu".indexOf(kind);
    if (index < 0) {
      throw unexpected("an escape");
    }
    at++;
    return kind == 'u' ? hexUnit() : "\"\\/\b\f\n\r\t".charAt(index);
  }

  private char hexUnit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      // Not Character.digit, which takes the digits of every script.
      int digit = "0123456789abcdef".indexOf(Character.toLowerCase(peek()));
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      unit = unit * 16 + digit;
      at++;
    }
    return (char) unit;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw unexpected(word);
    }
    at += word.length();
    return value;
  }

  private Object number() {
    int start = at;
    skip('-');
    if (!skip('0')) {
      digits("a value");
    }
    boolean whole = true;
    if (skip('.')) {
      whole = false;
      digits("a digit");
    }
    if (skip('e') || skip('E')) {
      whole = false;
      if (!skip('+')) {
        skip('-');
      }
      digits("a digit");
    }
    try {
      return JsonNumbers.read(text.substring(start, at), whole);
    } catch (NumberFormatException e) {
      throw unexpected(e.getMessage());
    }
  }

  private void digits(String expected) {
    if (!isDigit(peek())) {
      throw unexpected(expected);
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private static boolean isDigit(char unit) {
    return unit >= '0' && unit <= '9';
  }

  private boolean skip(char unit) {
    boolean found = at < text.length() && text.charAt(at) == unit;
    if (found) {
      at++;
    }
    return found;
  }

  private void expect(char unit) {
    if (!skip(unit)) {
      throw unexpected("'" + unit + "'");
    }
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The next unit; at the end NUL, which is allowed nowhere and so leads to an error. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private JsonException unexpected(String expected) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new JsonException("JSON at " + at + ": expected " + expected + ", got " + found);
  }
}
