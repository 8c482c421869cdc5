/** The Helm chart, rendered by Helm's own code and read as Kubernetes would read it. */
@NullMarked
package cthelper.helm;

import org.jspecify.annotations.NullMarked;
