package io.github.lambdaparallelrouter.adapter;

import io.github.lambdaparallelrouter.adapter.internal.BeanWriter;
import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response as the wire has it.
 *
 * @param head {@code statusCode}, {@code headers}, and {@code multiValueHeaders} and {@code
 *     cookies} if there are any
 * @param body must be read or closed
 */
record ParsedResponse(Map<String, Object> head, Body body) {
  /**
   * Makes a response of whatever a handler returned, as API Gateway does for format 2.0: an object
   * with {@code statusCode} is a response, any other value is sent as JSON (text as it is) with
   * status 200. Beyond that, bytes and streams may be returned bare, or as the {@code body} of an
   * object without {@code statusCode}.
   *
   * @throws RuntimeException that says what is wrong with the value
   * @see <a
   *     href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">
   *     Formats of API Gateway</a>
   */
  static ParsedResponse of(Object value) {
    if (Body.isRaw(value)) {
      return inferred("application/octet-stream", Body.open(value, false));
    }
    Object plain = isJson(value) ? value : describe(value);
    if (plain instanceof Map<?, ?> map
        && (map.get("statusCode") != null || Body.isRaw(map.get("body")))) {
      return structured(map);
    }
    // A handler that returns nothing answers `null`, which is what the runtime makes of it.
    String text = plain instanceof CharSequence ? plain.toString() : JsonWriter.write(plain);
    return inferred("application/json", Body.whole(text));
  }

  private static boolean isJson(Object value) {
    return value == null
        || value instanceof Map
        || value instanceof CharSequence
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Iterable
        || value.getClass().isArray();
  }

  private static Object describe(Object value) {
    return value instanceof Response response ? response.toMap() : BeanWriter.describe(value);
  }

  private static ParsedResponse structured(Map<?, ?> map) {
    Object flag = map.get("isBase64Encoded");
    Body body = Body.open(map.get("body"), Boolean.TRUE.equals(flag) || "true".equals(flag));
    try {
      Map<String, Object> head = new LinkedHashMap<>();
      Object status = map.get("statusCode");
      head.put("statusCode", status == null ? 200 : statusOf(status));
      HeaderReader.read(map, head);
      return new ParsedResponse(head, body);
    } catch (RuntimeException | Error e) {
      body.close();
      throw e;
    }
  }

  private static ParsedResponse inferred(String contentType, Body body) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("statusCode", 200);
    head.put("headers", Map.of("content-type", contentType));
    return new ParsedResponse(head, body);
  }

  private static int statusOf(Object value) {
    boolean isText = value instanceof CharSequence && value.toString().matches("[0-9]{3}");
    if (isText || value instanceof Number) {
      double status = Double.parseDouble(value.toString());
      if (status >= 200 && status <= 999 && status == Math.rint(status)) {
        return (int) status;
      }
    }
    throw new IllegalArgumentException(
        "statusCode: expected a whole number from 200 to 999, got " + value);
  }
}
