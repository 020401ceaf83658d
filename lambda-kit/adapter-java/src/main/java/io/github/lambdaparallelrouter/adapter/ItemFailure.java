package io.github.lambdaparallelrouter.adapter;

import java.util.concurrent.Callable;

/** Marks an error with the step of an item's work in which it happened. */
final class ItemFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Phase phase;

  ItemFailure(Phase phase, Throwable cause) {
    super("failed in phase " + phase, cause);
    this.phase = phase;
  }

  Phase phase() {
    return phase;
  }

  /** The status for the client. */
  int status() {
    return phase == Phase.DEADLINE ? 504 : 500;
  }

  /** What a client may know of the failure; the rest is in the log. */
  String message() {
    return phase == Phase.DEADLINE ? "timeout" : "internal error";
  }

  /**
   * Does one step and marks what it throws with the step's name. That includes errors such as a
   * stack overflow: they must not end the thread under the answer.
   */
  static <T> T inPhase(Phase phase, Callable<T> step) throws ItemFailure {
    try {
      return step.call();
    } catch (ItemFailure e) {
      throw e;
    } catch (DeadlineException e) {
      throw new ItemFailure(Phase.DEADLINE, e);
    } catch (Throwable e) {
      throw new ItemFailure(phase, e);
    }
  }
}
