/**
 * {@code ./run demo}: what a conntrack helper is for, told with real traffic in half a screen. Uses
 * the laboratory and the packaged service; needs no test library, so that {@code ./run} can compile
 * it by itself, and no program but those of iproute2 and util-linux.
 */
@NullMarked
package cthelper.demo;

import org.jspecify.annotations.NullMarked;
