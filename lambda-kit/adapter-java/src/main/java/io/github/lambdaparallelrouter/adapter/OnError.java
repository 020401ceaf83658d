package io.github.lambdaparallelrouter.adapter;

/** Told of every error after it was logged. What it throws is logged too. */
@FunctionalInterface
public interface OnError {
  void accept(Throwable error, ErrorInfo info);
}
