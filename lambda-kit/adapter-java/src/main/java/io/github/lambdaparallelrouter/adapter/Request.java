package io.github.lambdaparallelrouter.adapter;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One request: an API Gateway event of payload format 2.0 or 1.0, or one of a load balancer. */
public final class Request {
  private final Map<String, Object> event;
  private final ItemContext context;

  Request(Map<String, Object> event, ItemContext context) {
    this.event = event;
    this.context = context;
  }

  /** The id of the request, which the client sees as {@code x-lpr-request-id}. */
  public String id() {
    return context.getAwsRequestId();
  }

  /** The whole event as parsed JSON: maps, lists, text, numbers, booleans and null. */
  public Map<String, Object> event() {
    return event;
  }

  /** The Lambda context, with id, remaining time and cancellation of this request. */
  public ItemContext context() {
    return context;
  }

  /** The method in upper case; empty if the event has none. */
  public String method() {
    Object inHttp = BatchEvent.get(BatchEvent.get(event.get("requestContext"), "http"), "method");
    return text(inHttp == null ? event.get("httpMethod") : inHttp).orElse("");
  }

  /** The path, still percent-encoded; empty if the event has none. */
  public String path() {
    Object raw = event.get("rawPath");
    return text(raw == null ? event.get("path") : raw).orElse("");
  }

  /** A header by its name in any case; several values are joined with commas by the router. */
  public Optional<String> header(String name) {
    Optional<String> found = member("headers", name.toLowerCase(Locale.ROOT));
    return found.isPresent() ? found : text(ignoringCase(event.get("headers"), name));
  }

  /** A parameter of the route's path, percent-decoded. */
  public Optional<String> pathParameter(String name) {
    return member("pathParameters", name);
  }

  /** A parameter of the query. */
  public Optional<String> queryParameter(String name) {
    return member("queryStringParameters", name);
  }

  /** The body as text; empty if there is none. */
  public String bodyText() {
    return isBase64() ? new String(bodyBytes(), StandardCharsets.UTF_8) : rawBody();
  }

  /** The body as bytes; none if there is no body. */
  public byte[] bodyBytes() {
    return isBase64()
        ? Base64.getDecoder().decode(rawBody())
        : rawBody().getBytes(StandardCharsets.UTF_8);
  }

  private boolean isBase64() {
    return Boolean.TRUE.equals(event.get("isBase64Encoded"));
  }

  private String rawBody() {
    return text(event.get("body")).orElse("");
  }

  private Optional<String> member(String map, String name) {
    return text(BatchEvent.get(event.get(map), name));
  }

  private static Object ignoringCase(Object map, String name) {
    if (map instanceof Map<?, ?> members) {
      for (Map.Entry<?, ?> member : members.entrySet()) {
        if (name.equalsIgnoreCase(String.valueOf(member.getKey()))) {
          return member.getValue();
        }
      }
    }
    return null;
  }

  private static Optional<String> text(Object value) {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
