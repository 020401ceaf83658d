package io.github.lambdaparallelrouter.adapter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a batch handler of a handler of one request. To be extended by the class that a function
 * names as its handler, or used by it.
 *
 * <p>Items are handled side by side, each in a thread of its own: a virtual one on Java 21 and
 * later. An item that fails is logged, told to {@link OnError} and answered with status 500; the
 * others are not affected. Events that are no batch go to the handler itself, and its value comes
 * back as JSON.
 */
public class BatchAdapter implements RequestStreamHandler {
  private final Handler handler;
  private final AdapterOptions options;

  /** Handles requests with the adapter's own types. */
  public BatchAdapter(ItemHandler handler) {
    this(handler, AdapterOptions.defaults());
  }

  /** Handles requests with the adapter's own types. */
  public BatchAdapter(ItemHandler handler, AdapterOptions options) {
    this(Handler.of(handler), options);
  }

  /**
   * Handles requests with a handler written for Lambda, whose class declares the event: {@code
   * APIGatewayV2HTTPEvent}, a map, or any class that Lambda could make of JSON.
   *
   * @throws IllegalArgumentException if the class does not declare it, as that of a lambda
   *     expression
   */
  public BatchAdapter(RequestHandler<?, ?> handler) {
    this(handler, AdapterOptions.defaults());
  }

  /**
   * Handles requests with a handler written for Lambda, whose class declares the event.
   *
   * @throws IllegalArgumentException if the class does not declare it, as that of a lambda
   *     expression
   */
  public BatchAdapter(RequestHandler<?, ?> handler, AdapterOptions options) {
    this(Handler.of(handler), options);
  }

  /**
   * Handles requests with a lambda expression or method reference, which cannot say what its event
   * is.
   */
  public <I> BatchAdapter(
      Class<? super I> eventType, RequestHandler<I, ?> handler, AdapterOptions options) {
    this(Handler.of(eventType, handler), options);
  }

  private BatchAdapter(Handler handler, AdapterOptions options) {
    this.handler = handler;
    this.options = Objects.requireNonNull(options, "options");
  }

  /**
   * Answers a batch, or an ordinary event.
   *
   * @throws IllegalArgumentException for a batch of a version that this release does not speak
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Object event = JsonReader.read(input.readAllBytes());
    if (event instanceof Map<?, ?> batch && BatchEvent.isBatch(batch)) {
      answerBatch(batch, output, context);
    } else {
      answerDirectly(event, output, context);
    }
  }

  private void answerBatch(Map<?, ?> batch, OutputStream output, Context context)
      throws IOException {
    BatchEvent.checkVersion(batch);
    Reporter reporter = new Reporter(options.onError, context);
    List<Item> items = BatchEvent.readItems(batch, reporter);
    Bounds bounds = Bounds.of(context, batch.get("meta"));
    Answers answers =
        options.mode == AnswerMode.BUFFERED
            ? new BufferedAnswers(items, output, reporter)
            : new StreamedAnswers(output, options.mode == AnswerMode.INTERLEAVED);
    new Batch(handler, items, bounds, answers, reporter, options).run();
  }

  /** In the calling thread, as without the adapter; errors go to the runtime as they are. */
  private void answerDirectly(Object event, OutputStream output, Context context)
      throws IOException {
    ItemScope scope = new ItemScope(null, Bounds.of(context));
    Object value;
    try {
      value = handler.call(event, scope.context());
    } catch (Exception e) {
      throw BatchAdapter.<RuntimeException>unchanged(e);
    }
    boolean isOurs = value instanceof Response || Body.isRaw(value);
    Object answer = isOurs ? document(ParsedResponse.of(value), scope) : value;
    output.write(JsonWriter.write(answer).getBytes(StandardCharsets.UTF_8));
  }

  /** A response as API Gateway and function URLs take it. */
  private static Map<String, Object> document(ParsedResponse response, ItemScope scope) {
    Map<String, Object> document = new LinkedHashMap<>(response.head());
    Records.putBody(document, response.body().collect(scope));
    return document;
  }

  /**
   * The interface allows no checked exceptions but one, and Lambda reports the type of what is
   * thrown.
   */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> E unchanged(Exception error) throws E {
    throw (E) error;
  }
}
