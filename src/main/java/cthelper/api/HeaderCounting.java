package cthelper.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
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
 * connection to every HTTP server of the process, before its first byte is looked at.
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

    /** Those of the API's port, for the other one too: what is known here of a port says none. */
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

  /** Waits in a connection for the first bytes that the platform's decoder would see. */
  private static final class Exchange extends ChannelInboundHandlerAdapter {

    private final HttpDecoderConfig config;

    Exchange(HttpDecoderConfig config) {
      this.config = config;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      ChannelPipeline pipeline = context.pipeline();
      ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
      ChannelHandlerContext tls = pipeline.context(SslHandler.class);
      if (decoder != null) {
        pipeline.replace(decoder.handler(), decoder.name(), new HeaderCountingDecoder(config));
        pipeline.remove(this);
      } else if (tls != null) {
        pipeline.remove(this);
        pipeline.addAfter(tls.name(), null, new Exchange(config));
      }
      context.fireChannelRead(bytes);
    }
  }
}
