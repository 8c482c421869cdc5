/**
 * Compares what the API says with what the kernel of this machine holds: {@code ./run audit}. Only
 * reads, and shares no memory with the service.
 */
@NullMarked
package cthelper.audit;

import org.jspecify.annotations.NullMarked;
