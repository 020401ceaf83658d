package io.github.lambdaparallelrouter.adapter;

import com.amazonaws.services.lambda.runtime.Context;
import java.util.concurrent.TimeUnit;

/**
 * What bounds the time of the items of a batch.
 *
 * @param lambdaContext null in tests of handlers that pass none
 * @param clientsEnd moment at which the clients give up waiting; {@link #NEVER} if the router did
 *     not say
 */
record Bounds(Context lambdaContext, long clientsEnd) {
  static final long NEVER = Long.MAX_VALUE;

  /** Moments are counted from here, as those of the clock itself may be negative and overflow. */
  private static final long START = System.nanoTime();

  static Bounds of(Context lambdaContext) {
    return new Bounds(lambdaContext, NEVER);
  }

  /** The bounds of a batch, by its {@code meta.deadlineMs}. */
  static Bounds of(Context lambdaContext, Object meta) {
    Object deadline = BatchEvent.get(meta, "deadlineMs");
    boolean isKnown =
        deadline instanceof Integer || deadline instanceof Long || deadline instanceof Double;
    if (!isKnown) {
      return of(lambdaContext);
    }
    // A time of any size may be there; what lies further away than a day is as good as never.
    double leftMs = ((Number) deadline).doubleValue() - System.currentTimeMillis();
    long bounded = (long) Math.max(-1, Math.min(leftMs, TimeUnit.DAYS.toMillis(1)));
    return new Bounds(lambdaContext, now() + TimeUnit.MILLISECONDS.toNanos(bounded));
  }

  /** This moment, in ns. */
  static long now() {
    return System.nanoTime() - START;
  }

  /** The moment at which the invocation ends; {@link #NEVER} if its context does not say. */
  long invocationEnd() {
    // A made-up context in a test of the handler may say 0; a real one never starts that way.
    int leftMs = lambdaContext == null ? 0 : lambdaContext.getRemainingTimeInMillis();
    return leftMs <= 0 ? NEVER : now() + TimeUnit.MILLISECONDS.toNanos(leftMs);
  }
}
