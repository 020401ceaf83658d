package io.github.lambdaparallelrouter.adapter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;

/**
 * Makes errors known: to the log, with the id of the request, and to the user's {@link OnError}.
 */
final class Reporter {
  private final OnError onError;
  private final Context context;

  Reporter(OnError onError, Context context) {
    this.onError = onError;
    this.context = context;
  }

  /** Reports why an item failed. */
  void failure(ItemFailure failure, Item item) {
    String id = item.id().isEmpty() ? invocationId() : item.id();
    report("item failed", failure.getCause(), new ErrorInfo(id, item.event(), failure.phase()));
  }

  /** Reports that nobody can be answered any more. */
  void outputFailed(Throwable error) {
    report("output failed", error, new ErrorInfo(invocationId(), null, Phase.WRITE));
  }

  private void report(String message, Throwable error, ErrorInfo info) {
    log(message, error, info);
    try {
      onError.accept(error, info);
    } catch (RuntimeException e) {
      log("onError failed", e, info);
    }
  }

  private String invocationId() {
    String id = context == null ? null : context.getAwsRequestId();
    return id == null ? "" : id;
  }

  private void log(String message, Throwable error, ErrorInfo info) {
    String phase = info.phase().name().toLowerCase(Locale.ROOT);
    String text =
        "%s: request %s, phase %s%n%s".formatted(message, info.requestId(), phase, traceOf(error));
    LambdaLogger logger = context == null ? null : context.getLogger();
    if (logger == null) {
      System.err.println(text);
    } else {
      logger.log(text, LogLevel.ERROR);
    }
  }

  /** An exception may have a message that fails to be made. */
  private static String traceOf(Throwable error) {
    try {
      StringWriter trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      return trace.toString();
    } catch (RuntimeException e) {
      return error.getClass().getName();
    }
  }
}
