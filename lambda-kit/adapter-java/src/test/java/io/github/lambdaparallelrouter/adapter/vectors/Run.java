package io.github.lambdaparallelrouter.adapter.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the handlers of one run know of each other, and what is left of it for whoever started it.
 */
final class Run {
  private static final Map<String, Run> RUNS = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> handled = new ArrayList<>();
  private int peak;
  private int running;
  private int finished;

  static Run of(String name) {
    return RUNS.computeIfAbsent(name, none -> new Run());
  }

  static void forget(String name) {
    RUNS.remove(name);
  }

  void start(String id) {
    change(
        () -> {
          handled.add(id);
          running++;
          peak = Math.max(peak, running);
        });
  }

  void end() {
    change(
        () -> {
          running--;
          finished++;
        });
  }

  /** Peaks stay, so whoever comes late has not missed the moment. */
  void await(int wantedPeak, int wantedFinished) throws InterruptedException {
    lock.lock();
    try {
      while (peak < wantedPeak || finished < wantedFinished) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Most handlers that were at work at the same time. */
  int peak() {
    return peak;
  }

  /** Ids of the items in the order in which their handlers were started. */
  List<String> handled() {
    return handled;
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
