package io.github.lambdaparallelrouter.adapter.vectors;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.lambdaparallelrouter.adapter.AdapterOptions;
import io.github.lambdaparallelrouter.adapter.AnswerMode;
import io.github.lambdaparallelrouter.adapter.BatchAdapter;
import io.github.lambdaparallelrouter.adapter.TestContext;
import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * A function that executes vectors. The nested classes are its handlers when deployed, one for each
 * mode.
 */
public abstract class VectorFunction implements RequestStreamHandler {
  /** Makes an adapter of one kind of handler. */
  @FunctionalInterface
  interface Adapting {
    BatchAdapter adapt(AdapterOptions options);
  }

  private final AnswerMode mode;

  VectorFunction(AnswerMode mode) {
    this.mode = mode;
  }

  public static final class Buffered extends VectorFunction {
    public Buffered() {
      super(AnswerMode.BUFFERED);
    }
  }

  public static final class Streamed extends VectorFunction {
    public Streamed() {
      super(AnswerMode.STREAM);
    }
  }

  public static final class Interleaved extends VectorFunction {
    public Interleaved() {
      super(AnswerMode.INTERLEAVED);
    }
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    answer(
        VectorFunction::ofMaps,
        AdapterOptions.defaults().withMode(mode),
        input.readAllBytes(),
        output);
  }

  /** The adapter is made anew for every event, as each vector has options of its own. */
  static void answer(Adapting adapting, AdapterOptions options, byte[] event, OutputStream output)
      throws IOException {
    Map<?, ?> setup = setupOf(JsonReader.read(event));
    AdapterOptions all = options;
    if (setup.get("options") instanceof Map<?, ?> own
        && own.get("concurrency") instanceof Integer concurrency) {
      all = options.withConcurrency(concurrency);
    }
    long remainingMs = setup.get("remainingMs") instanceof Integer given ? given : 30_000;
    adapting
        .adapt(all)
        .handleRequest(new ByteArrayInputStream(event), output, new TestContext(remainingMs));
  }

  static BatchAdapter ofMaps(AdapterOptions options) {
    return new BatchAdapter(new ScriptHandlers.OfMaps(), options);
  }

  private static Map<?, ?> setupOf(Object event) {
    Object meta = event instanceof Map<?, ?> members ? members.get("meta") : null;
    Object setup = meta instanceof Map<?, ?> members ? members.get("vector") : null;
    return setup instanceof Map<?, ?> map ? map : Map.of();
  }
}
