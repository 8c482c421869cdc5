package cthelper.api;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.quarkus.vertx.http.runtime.ServerLimitsConfig;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Reads requests as Vert.x does, and no more than {@link #MOST_HEADERS} headers, or trailers, of
 * one: an object of 150 bytes is made of each that comes, however short it is, and kept until the
 * last has come. One too many is answered as headers that are too long are: 431 without a body.
 * Requests that come faster than their answers leave, each of which is an object too, end the
 * connection.
 *
 * <p>One per connection, used by its event loop.
 */
final class HeaderCountingDecoder extends HttpRequestDecoder {

  static final int MOST_HEADERS = 100;

  private static final HttpHeadersFactory COUNTED =
      new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
          return new HeadersMultiMap(new Count());
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
          return newHeaders();
        }
      };

  /** Who sends more before he has read the answers, or does not read them, is not served. */
  static final int MOST_AT_ONCE = 20;

  private Count ofRequest = new Count();
  private int unanswered;

  HeaderCountingDecoder(HttpDecoderConfig config) {
    super(config);
  }

  static HttpDecoderConfig config(ServerLimitsConfig limits) {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(limits.maxInitialLineLength())
        .setMaxHeaderSize(Math.toIntExact(limits.maxHeaderSize().asLongValue()))
        .setMaxChunkSize(Math.toIntExact(limits.maxChunkSize().asLongValue()))
        .setTrailersFactory(COUNTED);
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    unanswered++;
    if (unanswered > MOST_AT_ONCE) {
      throw new TooLongHttpHeaderException("more than " + MOST_AT_ONCE + " requests at once");
    }
    ofRequest = new Count();
    return new DefaultHttpRequest(
        HttpVersion.valueOf(line[2]),
        HttpMethod.valueOf(line[0]),
        line[1],
        new HeadersMultiMap(ofRequest));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> decoded)
      throws Exception {
    int before = decoded.size();
    super.decode(context, bytes, decoded);
    if (decoded.size() > before) {
      ofRequest.isOver = true; // what is added to it from now on came from nobody
    }
  }

  /** The last of an answer has left, on the event loop. */
  void answered() {
    unanswered--;
  }

  /** Is asked about every header before it is kept. */
  private static final class Count implements BiConsumer<CharSequence, CharSequence> {

    private int headers;
    private boolean isOver;

    @Override
    public void accept(CharSequence name, CharSequence value) {
      if (!isOver && ++headers > MOST_HEADERS) {
        throw new TooLongHttpHeaderException("more than " + MOST_HEADERS + " headers");
      }
      HttpUtils.validateHeader(name, value);
    }
  }
}
