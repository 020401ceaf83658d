package io.github.lambdaparallelrouter.adapter;

/** The time of the item is up, and the answers of the other items must still get out. */
public final class DeadlineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeadlineException(Throwable cause) {
    super("the time of the invocation is almost up", cause);
  }
}
