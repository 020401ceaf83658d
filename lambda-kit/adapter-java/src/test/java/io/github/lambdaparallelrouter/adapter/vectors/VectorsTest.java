package io.github.lambdaparallelrouter.adapter.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.lambdaparallelrouter.adapter.AdapterOptions;
import io.github.lambdaparallelrouter.adapter.AnswerMode;
import io.github.lambdaparallelrouter.adapter.BatchAdapter;
import io.github.lambdaparallelrouter.adapter.ErrorInfo;
import io.github.lambdaparallelrouter.adapter.TestContext;
import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import io.github.lambdaparallelrouter.adapter.vectors.VectorFunction.Adapting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The adapter answers as the contract says: every vector that Java can express, for each kind of
 * handler.
 */
class VectorsTest {
  private static final Map<String, AnswerMode> MODES =
      Map.of(
          "buffered",
          AnswerMode.BUFFERED,
          "stream",
          AnswerMode.STREAM,
          "interleaved",
          AnswerMode.INTERLEAVED);

  /**
   * Not {@code node-streams} and {@code web-streams}, nor {@code throw-anything}: Java throws
   * exceptions only.
   */
  private static final Set<String> OF_MAPS =
      Set.of(
          "abandoned-handlers",
          "cancellation",
          "lone-surrogates",
          "non-finite-numbers",
          "opaque-values",
          "streams",
          "sync-streams",
          "unprintable-values",
          "untyped-returns");

  private static final Set<String> OF_REQUESTS =
      Set.of("abandoned-handlers", "cancellation", "lone-surrogates", "streams", "sync-streams");

  /** Numbers, lists and null as values of headers; base64 as text. */
  private static final Set<String> NOT_OF_REQUESTS =
      Set.of("header-multi-value", "header-set-cookie", "body-base64-broken", "stream-of-base64");

  private static final Set<String> OF_EVENTS =
      Set.of("abandoned-handlers", "cancellation", "lone-surrogates");

  /** Numbers, lists and null as values of headers; items that are other events. */
  private static final Set<String> NOT_OF_EVENTS =
      Set.of(
          "header-multi-value",
          "header-set-cookie",
          "batch-items-of-format-1",
          "batch-items-of-a-load-balancer");

  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final Results RESULTS = new Results();

  record Case(Vector vector, String mode, String kind, Adapting adapting) {
    @Override
    public String toString() {
      return vector.name() + ", " + mode + ", " + kind;
    }
  }

  @AfterAll
  static void writeResults() throws IOException {
    RESULTS.write();
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Vector vector : Vector.all()) {
      for (Object mode : vector.modes()) {
        addCases(vector, (String) mode, cases);
      }
    }
    return cases;
  }

  private static void addCases(Vector vector, String mode, List<Case> cases) {
    List<?> missing =
        vector.requires().stream().filter(feature -> !OF_MAPS.contains(feature)).toList();
    if (!missing.isEmpty()) {
      RESULTS.notApplicable(vector, mode, missing);
      return;
    }
    cases.add(new Case(vector, mode, "maps", VectorFunction::ofMaps));
    if (isTyped(vector, OF_REQUESTS, NOT_OF_REQUESTS)) {
      cases.add(
          new Case(
              vector, mode, "requests", o -> new BatchAdapter(new ScriptHandlers.OfRequests(), o)));
    }
    if (isTyped(vector, OF_EVENTS, NOT_OF_EVENTS)) {
      cases.add(
          new Case(
              vector, mode, "events", o -> new BatchAdapter(new ScriptHandlers.OfEvents(), o)));
    }
  }

  /**
   * Whether typed handlers can say it. They answer direct events with every field, so the value is
   * another.
   */
  private static boolean isTyped(Vector vector, Set<String> features, Set<String> except) {
    boolean isDirect = vector.expected().containsKey("direct");
    return !isDirect && features.containsAll(vector.requires()) && !except.contains(vector.name());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void answersAsTheContractSays(Case one) {
    List<String> problems = problemsOf(one);
    RESULTS.ran(one.vector, one.mode, problems);
    assertEquals(List.of(), problems, one::toString);
  }

  @Test
  void mostVectorsApply() {
    assertTrue(cases().size() > 600, cases().size() + " cases");
  }

  private static List<String> problemsOf(Case one) {
    String name = one + "/" + RUNS.incrementAndGet();
    Run run = Run.of(name);
    List<ErrorInfo> errors = Collections.synchronizedList(new ArrayList<>());
    List<String> problems = invoke(one, name, errors);
    Map<?, ?> inside = one.vector.inside();
    if (inside.containsKey("peak")) {
      problems.addAll(Answer.difference("peak", inside.get("peak"), run.peak()));
    }
    if (inside.containsKey("handled")) {
      problems.addAll(Answer.difference("handled", inside.get("handled"), run.handled()));
    }
    problems.addAll(
        Answer.difference(
            "reports",
            reportsOf(inside),
            errors.stream().map(VectorsTest::name).sorted().toList()));
    Run.forget(name);
    return problems;
  }

  private static List<String> invoke(Case one, String run, List<ErrorInfo> errors) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    AdapterOptions options =
        AdapterOptions.defaults()
            .withMode(MODES.get(one.mode))
            .withOnError((error, info) -> errors.add(info));
    byte[] event = JsonWriter.write(one.vector.event(run)).getBytes(StandardCharsets.UTF_8);
    Object error = one.vector.expected().get("error");
    try {
      VectorFunction.answer(one.adapting, options, event, output);
    } catch (Exception e) {
      return missingIn(e.getMessage(), error);
    }
    return error == null
        ? Answer.problems(one.vector, one.mode, output.toByteArray())
        : new ArrayList<>(List.of("expected an error, got " + output));
  }

  private static List<String> missingIn(String message, Object error) {
    if (!(error instanceof Map<?, ?> expected)) {
      return new ArrayList<>(List.of("expected an answer, got the error " + message));
    }
    List<String> problems = new ArrayList<>();
    for (Object text : (List<?>) expected.get("includes")) {
      if (!message.contains((String) text)) {
        problems.add("expected an error that says " + text + ", got " + message);
      }
    }
    return problems;
  }

  private static List<String> reportsOf(Map<?, ?> inside) {
    Stream<?> reports = inside.get("reports") instanceof List<?> list ? list.stream() : Stream.of();
    return reports
        .map(
            report ->
                ((Map<?, ?>) report).get("requestId") + " " + ((Map<?, ?>) report).get("phase"))
        .sorted()
        .toList();
  }

  private static String name(ErrorInfo info) {
    String id = info.requestId().equals(TestContext.REQUEST_ID) ? "$invocation" : info.requestId();
    return id + " " + info.phase().name().toLowerCase(Locale.ROOT);
  }
}
