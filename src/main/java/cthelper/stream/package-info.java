/**
 * The contract of {@link cthelper.node} over a network: one gRPC stream for each executor, which it
 * opens. The only home of gRPC; the messages stand in {@code
 * src/main/proto/cthelper/stream/node_stream.proto}.
 */
@NullMarked
package cthelper.stream;

import org.jspecify.annotations.NullMarked;
