package io.github.lambdaparallelrouter.adapter;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Keeps as many items of a batch at work as it may, and watches their times, all from the calling
 * thread.
 */
final class Batch {
  /** An item whose handler has ended: answered if there is no failure. */
  private record Done(int index, ItemFailure failure) {}

  private final Handler handler;
  private final List<Item> items;
  private final Bounds bounds;
  private final Answers answers;
  private final Reporter reporter;
  private final int concurrency;
  private final Executor executor;

  private final Map<Integer, ItemScope> active = new HashMap<>();
  private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();

  Batch(
      Handler handler,
      List<Item> items,
      Bounds bounds,
      Answers answers,
      Reporter reporter,
      AdapterOptions options) {
    this.handler = handler;
    this.items = items;
    this.bounds = bounds;
    this.answers = answers;
    this.reporter = reporter;
    this.concurrency = options.concurrency;
    this.executor = options.executor == null ? Workers.SHARED : options.executor;
  }

  /**
   * Answers every item.
   *
   * @throws IOException if the output cannot be written; handlers still at work are interrupted
   *     then
   */
  void run() throws IOException {
    Iterator<Integer> waiting = IntStream.range(0, items.size()).iterator();
    start(waiting);
    while (!active.isEmpty()) {
      long next = nextMoment();
      awaitOne(next);
      if (next <= Bounds.now()) {
        watchTimes();
      }
      checkOutput();
      start(waiting);
    }
    answers.finish();
  }

  private void start(Iterator<Integer> waiting) {
    while (active.size() < concurrency && waiting.hasNext()) {
      int index = waiting.next();
      ItemScope scope = new ItemScope(items.get(index).id(), bounds);
      active.put(index, scope);
      try {
        executor.execute(() -> done.add(new Done(index, work(index, scope))));
      } catch (RuntimeException | OutOfMemoryError e) {
        // No thread left: the items that have one can still be answered.
        done.add(new Done(index, new ItemFailure(Phase.HANDLER, e)));
      }
    }
  }

  /** Runs in a worker. Returns null if the item has its answer. */
  private ItemFailure work(int index, ItemScope scope) {
    Item item = items.get(index);
    scope.begin();
    try {
      Object value =
          ItemFailure.inPhase(Phase.HANDLER, () -> handler.call(item.event(), scope.context()));
      ParsedResponse response = ItemFailure.inPhase(Phase.RESPONSE, () -> ParsedResponse.of(value));
      return ItemFailure.inPhase(
          Phase.RESPONSE,
          () -> {
            answers.answer(index, item, response, scope);
            return null;
          });
    } catch (ItemFailure e) {
      return scope.isCancelled() && isInterruption(e.getCause())
          ? new ItemFailure(Phase.DEADLINE, new DeadlineException(e.getCause()))
          : e;
    } finally {
      scope.end();
    }
  }

  /** Whether the handler ended because it was told to. */
  private static boolean isInterruption(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < 10; depth++) {
      boolean isSocketTimeout = cause instanceof java.net.SocketTimeoutException;
      if (cause instanceof InterruptedException
          || cause instanceof ClosedByInterruptException
          || (cause instanceof InterruptedIOException && !isSocketTimeout)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** When it is time to tell an item to stop or to give it up. */
  private long nextMoment() {
    long next = Bounds.NEVER;
    for (ItemScope scope : active.values()) {
      next = Math.min(next, scope.giveUpAt());
      next = scope.wasTold() ? next : Math.min(next, scope.cancelAt());
    }
    return next;
  }

  /** Waits for a result, or until that moment. */
  private void awaitOne(long next) throws IOException {
    try {
      Done one = done.poll(Math.max(0, next - Bounds.now()), TimeUnit.NANOSECONDS);
      while (one != null) {
        settle(one);
        one = done.poll();
      }
    } catch (InterruptedException e) {
      cancelAll();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while items of a batch were at work");
    }
  }

  private void settle(Done one) {
    ItemScope scope = active.remove(one.index);
    // An item that was given up may still come to its end, in a later turn of this batch or never.
    if (scope != null && one.failure != null) {
      fail(one.index, scope, one.failure);
    }
  }

  private void watchTimes() {
    long now = Bounds.now();
    for (Map.Entry<Integer, ItemScope> entry : Map.copyOf(active).entrySet()) {
      ItemScope scope = entry.getValue();
      if (scope.cancelAt() <= now && !scope.wasTold()) {
        scope.cancel();
      }
      if (scope.giveUpAt() <= now) {
        active.remove(entry.getKey());
        // Once more: it may have been told that its clients give up, and have gone on for longer.
        scope.cancel();
        fail(entry.getKey(), scope, new ItemFailure(Phase.DEADLINE, new DeadlineException(null)));
      }
    }
  }

  private void fail(int index, ItemScope scope, ItemFailure failure) {
    Item item = items.get(index);
    if (answers.fail(index, item, failure, scope)) {
      reporter.failure(failure, item);
    }
  }

  /** Reported once, not for every item. */
  private void checkOutput() throws IOException {
    if (answers.broken() != null) {
      cancelAll();
      reporter.outputFailed(answers.broken());
      throw answers.broken();
    }
  }

  private void cancelAll() {
    active.values().forEach(ItemScope::close);
    active.values().forEach(ItemScope::cancel);
  }
}
