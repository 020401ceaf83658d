package io.github.lambdaparallelrouter.adapter.vectors;

import io.github.lambdaparallelrouter.adapter.ItemContext;
import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import java.io.IOException;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Does what the script in an event says. contract/vectors/README.md describes the language. */
final class Script {
  private final Map<?, ?> event;
  private final ItemContext context;
  private final Run run;

  private Script(Map<?, ?> event, ItemContext context, Run run) {
    this.event = event;
    this.context = context;
    this.run = run;
  }

  static Object perform(Map<?, ?> event, ItemContext context) throws Exception {
    Map<?, ?> headers = event.get("headers") instanceof Map<?, ?> map ? map : Map.of();
    if (!(headers.get("x-lpr-script") instanceof String script)) {
      throw new IllegalArgumentException("script: expected it in the header x-lpr-script");
    }
    Run run = Run.of(String.valueOf(headers.get("x-lpr-run")));
    run.start(context.getAwsRequestId());
    try {
      return new Script(event, context, run).perform((List<?>) JsonReader.read(script));
    } finally {
      run.end();
    }
  }

  private Object perform(List<?> steps) throws Exception {
    for (Object one : steps) {
      Map<?, ?> step = (Map<?, ?>) one;
      if (step.containsKey("return")) {
        return evaluate(step.get("return"));
      }
      if (step.containsKey("throw")) {
        throw new IOException((String) step.get("throw"));
      }
      pause(step);
    }
    return null;
  }

  private void pause(Map<?, ?> step) throws InterruptedException {
    String name = (String) step.keySet().iterator().next();
    Object operand = step.get(name);
    switch (name) {
      case "delayMs" -> Thread.sleep((Integer) operand);
      case "untilRunning" -> run.await((Integer) operand, 0);
      case "untilFinished" -> run.await(0, (Integer) operand);
      case "untilCancelled" -> awaitCancellation();
      case "hang" -> hang();
      default -> throw new IllegalArgumentException("script: unknown step " + step);
    }
  }

  /** By interrupt, as a handler would learn of it that waits for something. */
  private void awaitCancellation() {
    try {
      Thread.sleep(60_000);
      throw new IllegalStateException("expected an interrupt, got none");
    } catch (InterruptedException e) {
      if (!context.isCancelled()) {
        throw new IllegalStateException("expected an item that is cancelled", e);
      }
    }
  }

  /** Does not care about interrupts. */
  private static void hang() {
    while (true) {
      LockSupport.park();
      Thread.interrupted();
    }
  }

  private Object evaluate(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(this::evaluate).collect(Collectors.toList());
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    if (!map.isEmpty()
        && map.keySet().iterator().next() instanceof String name
        && name.startsWith("$")) {
      return operate(name, map);
    }
    Map<Object, Object> fields = new LinkedHashMap<>();
    map.forEach((key, one) -> fields.put(key, evaluate(one)));
    return fields;
  }

  private Object operate(String operator, Map<?, ?> fields) {
    Object operand = fields.get(operator);
    return switch (operator) {
      case "$nothing" -> null;
      case "$number" -> Double.valueOf((String) operand);
      case "$opaque" -> new Object() {};
      case "$unprintable" -> new Unprintable();
      case "$base64" -> Base64.getDecoder().decode((String) operand);
      case "$utf16" -> utf16((String) operand);
      case "$repeat" -> repeat((List<?>) operand);
      case "$event" -> member(((String) operand).split("\\."));
      case "$context" -> ofContext((String) operand);
      case "$remainingWithin" -> isWithin((List<?>) operand);
      case "$stream" -> stream((List<?>) operand);
      default -> throw new IllegalArgumentException("script: unknown value " + operator);
    };
  }

  static String utf16(String units) {
    StringBuilder text = new StringBuilder();
    for (String unit : units.split(" ")) {
      text.append((char) Integer.parseInt(unit, 16));
    }
    return text.toString();
  }

  static String repeat(List<?> operand) {
    return ((String) operand.get(0)).repeat((Integer) operand.get(1));
  }

  private Object member(String[] names) {
    Object value = event;
    for (String name : names) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  private Object ofContext(String name) {
    return switch (name) {
      case "requestId" -> context.getAwsRequestId();
      case "functionName" -> context.getFunctionName();
      case "cancelled" -> context.isCancelled();
      default -> throw new IllegalArgumentException("script: unknown part of the context " + name);
    };
  }

  private boolean isWithin(List<?> limits) {
    int remaining = context.getRemainingTimeInMillis();
    return (Integer) limits.get(0) <= remaining && remaining <= (Integer) limits.get(1);
  }

  private Iterator<Object> stream(List<?> parts) {
    return new Parts(parts.iterator());
  }

  /** The pieces of a body, with pauses before some of them. */
  private final class Parts implements Iterator<Object> {
    private final Iterator<?> parts;
    private Object next;
    private boolean isAhead;

    Parts(Iterator<?> parts) {
      this.parts = parts;
    }

    @Override
    public boolean hasNext() {
      while (!isAhead && parts.hasNext()) {
        take(parts.next());
      }
      return isAhead;
    }

    @Override
    public Object next() {
      isAhead = false;
      return next;
    }

    private void take(Object part) {
      String name =
          part instanceof Map<?, ?> map && !map.isEmpty()
              ? (String) map.keySet().iterator().next()
              : "";
      Object operand = part instanceof Map<?, ?> map ? map.get(name) : null;
      switch (name) {
        case "$throw" -> throw new IllegalStateException((String) operand);
        case "$delayMs", "$untilRunning", "$untilFinished", "$untilCancelled", "$hang" ->
            pauseInStream(Map.of(name.substring(1), operand));
        default -> {
          next = evaluate(part);
          isAhead = true;
        }
      }
    }

    private void pauseInStream(Map<?, ?> step) {
      try {
        pause(step);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A value that fails whenever it is looked at. */
  static final class Unprintable {
    public String getText() {
      throw new IllegalStateException("this value cannot be printed");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("this value cannot be printed");
    }
  }
}
