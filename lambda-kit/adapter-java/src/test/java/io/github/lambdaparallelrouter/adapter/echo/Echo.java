package io.github.lambdaparallelrouter.adapter.echo;

import io.github.lambdaparallelrouter.adapter.AdapterOptions;
import io.github.lambdaparallelrouter.adapter.AnswerMode;
import io.github.lambdaparallelrouter.adapter.BatchAdapter;
import io.github.lambdaparallelrouter.adapter.Request;
import io.github.lambdaparallelrouter.adapter.Response;
import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.util.stream.Stream;

/** The echo function of toolkit/tests/end-to-end.ts: one handler for each mode. */
public final class Echo {
  private record Answer(String id, String secret, String body, String requestId) {}

  private Echo() {}

  public static final class Buffered extends BatchAdapter {
    public Buffered() {
      super(request -> answer(request).body(textOf(request)));
    }
  }

  public static final class Streamed extends BatchAdapter {
    public Streamed() {
      super(Echo::inPieces, AdapterOptions.defaults().withMode(AnswerMode.STREAM));
    }
  }

  public static final class Interleaved extends BatchAdapter {
    public Interleaved() {
      super(Echo::inPieces, AdapterOptions.defaults().withMode(AnswerMode.INTERLEAVED));
    }
  }

  private static Response inPieces(Request request) {
    String text = textOf(request);
    int middle = text.length() / 2;
    return answer(request).body(Stream.of(text.substring(0, middle), text.substring(middle)));
  }

  private static Response answer(Request request) {
    return Response.of(200).header("x-echo-id", request.pathParameter("id").orElse(""));
  }

  private static String textOf(Request request) {
    String id = request.pathParameter("id").orElse("");
    String secret = request.header("x-secret").orElse("");
    return JsonWriter.write(new Answer(id, secret, request.bodyText(), request.id()));
  }
}
