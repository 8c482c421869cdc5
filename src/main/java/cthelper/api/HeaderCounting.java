package cthelper.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.quarkus.vertx.http.runtime.ServerLimitsConfig;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Puts the {@link HeaderCountingDecoder} where the platform's own would read requests: in every
 * connection to the API, before its first byte is looked at. On the management port, which speaks
 * HTTP/2 as well, the platform decides by the first bytes what is spoken; there it stays.
 *
 * <p>Vert.x offers no setting and no hook for its decoder, but lets itself be given the transport,
 * which prepares the sockets that listen. Thread-safe.
 */
public final class HeaderCounting implements VertxServiceProvider {

  @Override
  public void init(VertxBuilder builder) {
    builder.findTransport(new Transport());
  }

  private static final class Transport extends JDKTransport {

    @Override
    public void configure(
        NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
      super.configure(options, domainSocket, bootstrap);
      bootstrap.handler(new Accepted(HeaderCountingDecoder.config(limits())));
    }

    /** Those of the API's port. */
    private static ServerLimitsConfig limits() {
      return ConfigProvider.getConfig()
          .unwrap(SmallRyeConfig.class)
          .getConfigMapping(VertxHttpConfig.class)
          .limits();
    }
  }

  /** At a socket that listens: what is read of it are new connections. */
  @Sharable
  private static final class Accepted extends ChannelInboundHandlerAdapter {

    private final HttpDecoderConfig config;

    Accepted(HttpDecoderConfig config) {
      this.config = config;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
      ((Channel) connection).pipeline().addFirst(new Exchange(config));
      context.fireChannelRead(connection);
    }
  }

  /**
   * Waits in a connection for the first bytes that the platform's decoder would see. Where it is
   * not there by then, another protocol may be spoken, and nothing is exchanged: never behind bytes
   * that have gone past.
   */
  private static final class Exchange extends ChannelInboundHandlerAdapter {

    private final HttpDecoderConfig config;

    Exchange(HttpDecoderConfig config) {
      this.config = config;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      ChannelPipeline pipeline = context.pipeline();
      ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
      ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
      ChannelHandlerContext tls = pipeline.context(SslHandler.class);
      if (decoder != null && encoder != null) {
        HeaderCountingDecoder counting = new HeaderCountingDecoder(config);
        pipeline.replace(decoder.handler(), decoder.name(), counting);
        pipeline.addAfter(encoder.name(), null, new Answers(counting));
      } else if (tls != null) {
        pipeline.addAfter(tls.name(), null, new Exchange(config));
      }
      boolean isBeforeTls = pipeline.context(AbstractSniHandler.class) != null;
      if (!isBeforeTls) {
        pipeline.remove(this);
      }
      context.fireChannelRead(bytes);
    }
  }

  /** Sees each answer on its way out, and when the last of it has left. */
  private static final class Answers extends ChannelOutboundHandlerAdapter {

    private final HeaderCountingDecoder requests;

    Answers(HeaderCountingDecoder requests) {
      this.requests = requests;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      boolean isNoAnswerYet =
          message instanceof HttpResponse response
              && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (message instanceof LastHttpContent && !isNoAnswerYet) {
        var _ = context.write(message, promise.unvoid().addListener(_ -> requests.answered()));
      } else {
        var _ = context.write(message, promise);
      }
    }
  }
}
