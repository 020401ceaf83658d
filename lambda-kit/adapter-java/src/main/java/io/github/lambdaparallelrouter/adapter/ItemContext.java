package io.github.lambdaparallelrouter.adapter;

import com.amazonaws.services.lambda.runtime.Context;

/**
 * The context of one item: the Lambda context, with these of its own.
 *
 * <p>Every handler behind the adapter gets one; a {@code RequestHandler} may cast its context to
 * it.
 */
public interface ItemContext extends Context {
  /** The item's id, which the client sees as {@code x-lpr-request-id}. */
  @Override
  String getAwsRequestId();

  /** Time in ms until the invocation or the clients of the batch give up, whichever is first. */
  @Override
  int getRemainingTimeInMillis();

  /**
   * Whether that time is almost up. The thread of the handler is interrupted at the same moment.
   */
  boolean isCancelled();
}
