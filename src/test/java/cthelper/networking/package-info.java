@NullMarked
package cthelper.networking;

import org.jspecify.annotations.NullMarked;
