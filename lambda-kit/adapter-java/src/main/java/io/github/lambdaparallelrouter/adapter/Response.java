package io.github.lambdaparallelrouter.adapter;

import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The answer to one request, built step by step. Not safe for use by several threads. */
public final class Response {
  private int status;
  private final Map<String, List<String>> headers = new LinkedHashMap<>();
  private final List<String> cookies = new ArrayList<>();
  private Object body;

  private Response(int status) {
    this.status = status;
  }

  /** A response without headers and body. The status is a number from 200 to 999. */
  public static Response of(int status) {
    return new Response(status);
  }

  /** Status 200, {@code text/plain}. */
  public static Response text(String text) {
    return of(200).header("content-type", "text/plain; charset=utf-8").body(text);
  }

  /**
   * Status 200, {@code application/json}: maps, lists, arrays, text, numbers, records, and objects
   * with getters.
   *
   * @throws RuntimeException for what has no JSON
   */
  public static Response json(Object value) {
    return of(200).header("content-type", "application/json").body(JsonWriter.write(value));
  }

  /** Changes the status, a number from 200 to 999. */
  public Response status(int value) {
    status = value;
    return this;
  }

  /** Adds a header; a name may have several values. {@code set-cookie} is a cookie. */
  public Response header(String name, String value) {
    headers.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
    return this;
  }

  /** Adds a cookie, as the value of a {@code set-cookie} header. */
  public Response cookie(String cookie) {
    cookies.add(cookie);
    return this;
  }

  /** Sends text, in UTF-8. */
  public Response body(String text) {
    return setBody(text);
  }

  /** Sends bytes. */
  public Response body(byte[] bytes) {
    return setBody(bytes);
  }

  /** Sends what the stream yields, and closes it. */
  public Response body(InputStream bytes) {
    return setBody(bytes);
  }

  /**
   * Sends pieces of text or bytes as they come. An iterator that is {@link AutoCloseable} is
   * closed.
   */
  public Response body(Iterator<?> pieces) {
    return setBody(pieces);
  }

  /** Sends pieces of text or bytes as they come, and closes the stream. */
  public Response body(Stream<?> pieces) {
    return setBody(pieces);
  }

  private Response setBody(Object value) {
    body = value;
    return this;
  }

  /** As a handler would return it that knows no such class. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("statusCode", status);
    map.put("headers", headers);
    map.put("cookies", cookies);
    map.put("body", body);
    return map;
  }
}
