package io.github.lambdaparallelrouter.adapter;

import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.BaseStream;

/**
 * A body as a handler gave it: text or bytes at once, or pieces of both over time. Chunks are
 * {@link String} or {@code byte[]}. Must be read to its end or closed.
 */
final class Body implements AutoCloseable {
  private static final int READ_BYTES = 64 * 1024;

  private final Iterator<?> pieces;
  private final AutoCloseable source;
  private final boolean base64;

  private Body(Iterator<?> pieces, AutoCloseable source, boolean base64) {
    this.pieces = pieces;
    this.source = source;
    this.base64 = base64;
  }

  /**
   * Understands whatever a handler may return as a body.
   *
   * @throws RuntimeException if it is nothing that can be sent
   */
  static Body open(Object value, boolean base64) {
    if (value instanceof InputStream stream) {
      return new Body(new StreamPieces(stream), stream, base64);
    }
    if (value instanceof BaseStream<?, ?> stream) {
      return new Body(stream.iterator(), stream, base64);
    }
    if (value instanceof Iterator<?> iterator) {
      return new Body(iterator, value instanceof AutoCloseable own ? own : null, base64);
    }
    if (value instanceof Iterable<?> iterable) {
      return new Body(iterable.iterator(), null, base64);
    }
    return whole(value == null ? "" : toChunk(value, base64));
  }

  /** A body that is there already, text or bytes. */
  static Body whole(Object chunk) {
    return new Body(List.of(chunk).iterator(), null, false);
  }

  /** Whether a value can only be meant as a body: bytes or a stream, which JSON cannot say. */
  static boolean isRaw(Object value) {
    return value instanceof byte[]
        || value instanceof ByteBuffer
        || value instanceof InputStream
        || value instanceof Iterator
        || value instanceof BaseStream;
  }

  /** The next chunk; null at the end. May be empty. */
  Object next() {
    while (pieces.hasNext()) {
      Object piece = pieces.next();
      if (piece != null) {
        return toChunk(piece, base64);
      }
    }
    return null;
  }

  /**
   * Returns the whole body, text if all of it is text, and closes it.
   *
   * @throws DeadlineException if the item is given up before the end: what is here must not be
   *     taken for the whole
   */
  Object collect(ItemScope scope) {
    List<Object> chunks = new ArrayList<>();
    try (this) {
      while (scope.isOpen()) {
        Object chunk = next();
        if (chunk == null) {
          return join(chunks);
        }
        chunks.add(chunk);
      }
      throw new DeadlineException(null);
    }
  }

  /** Frees what the body holds. Its own errors no longer matter to anybody. */
  @Override
  public void close() {
    try {
      if (source != null) {
        source.close();
      }
    } catch (Exception e) {
      // All that was wanted of it is here, or nobody wants it.
    }
  }

  /** Texts are joined before they are encoded: a surrogate pair may be cut in two. */
  private static Object join(List<Object> chunks) {
    StringBuilder text = new StringBuilder();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean isText = true;
    for (Object chunk : chunks) {
      if (chunk instanceof byte[] more) {
        isText = false;
        bytes.writeBytes(utf8(text.toString()));
        bytes.writeBytes(more);
        text.setLength(0);
      } else {
        text.append(chunk);
      }
    }
    if (isText) {
      return text.toString();
    }
    bytes.writeBytes(utf8(text.toString()));
    return bytes.toByteArray();
  }

  private static byte[] utf8(String text) {
    return JsonWriter.wellFormed(text).getBytes(StandardCharsets.UTF_8);
  }

  private static Object toChunk(Object value, boolean base64) {
    if (value instanceof byte[]) {
      return value;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof CharSequence text) {
      return base64 ? decode(text.toString()) : text.toString();
    }
    return JsonWriter.write(value);
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("isBase64Encoded is set, but the body is not base64", e);
    }
  }

  /** What a stream has at the moment, piece by piece. */
  private static final class StreamPieces implements Iterator<byte[]> {
    private final InputStream stream;
    private final byte[] buffer = new byte[READ_BYTES];
    private int length;
    private boolean isAhead;

    StreamPieces(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public boolean hasNext() {
      if (!isAhead) {
        length = read();
        isAhead = true;
      }
      return length >= 0;
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      isAhead = false;
      return Arrays.copyOf(buffer, length);
    }

    private int read() {
      try {
        return stream.read(buffer);
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
