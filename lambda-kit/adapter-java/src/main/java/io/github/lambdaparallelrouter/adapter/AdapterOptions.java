package io.github.lambdaparallelrouter.adapter;

import java.util.Objects;
import java.util.concurrent.Executor;

/** How an adapter works. Immutable: each method returns a changed copy. */
public final class AdapterOptions {
  private static final AdapterOptions DEFAULTS =
      new AdapterOptions(AnswerMode.BUFFERED, Integer.MAX_VALUE, (error, info) -> {}, null);

  final AnswerMode mode;
  final int concurrency;
  final OnError onError;

  /** Null for the adapter's own threads. */
  final Executor executor;

  private AdapterOptions(AnswerMode mode, int concurrency, OnError onError, Executor executor) {
    this.mode = mode;
    this.concurrency = concurrency;
    this.onError = onError;
    this.executor = executor;
  }

  /** Buffered answers, all items of a batch at once, on the adapter's own threads. */
  public static AdapterOptions defaults() {
    return DEFAULTS;
  }

  /** How batches are answered. */
  public AdapterOptions withMode(AnswerMode value) {
    return new AdapterOptions(
        Objects.requireNonNull(value, "mode"), concurrency, onError, executor);
  }

  /**
   * How many items are handled at once; 1 for handlers that must not run side by side.
   *
   * @throws IllegalArgumentException below 1
   */
  public AdapterOptions withConcurrency(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("concurrency: expected a number from 1, got " + value);
    }
    return new AdapterOptions(mode, value, onError, executor);
  }

  /** Who is told of every error, after it was logged. */
  public AdapterOptions withOnError(OnError value) {
    return new AdapterOptions(
        mode, concurrency, Objects.requireNonNull(value, "onError"), executor);
  }

  /**
   * The threads that handlers run in. It must start what it is given at once: an item's time runs
   * while it waits for a thread.
   */
  public AdapterOptions withExecutor(Executor value) {
    return new AdapterOptions(
        mode, concurrency, onError, Objects.requireNonNull(value, "executor"));
  }
}
