package io.github.lambdaparallelrouter.adapter.internal;

/** Text that is no JSON, or a value that has none. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JsonException(String message) {
    super(message);
  }

  public JsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
