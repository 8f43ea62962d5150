# Sets CLASSPATH to the jars that JAX-WS needs; Axis, which is in the same folder, has other versions of some.
for jar in FastInfoset codemodel gmbal istack-commons-runtime istack-commons-tools javax.activation javax.annotation-api \
    javax.xml.soap-api jaxb-api jaxb-core jaxb-runtime jaxb-xjc jaxws-api jaxws-rt jaxws-tools jws-api metro-policy \
    mimepull relaxngDatatype rngom saaj-impl geronimo-annotation-1.3-spec stax-ex stax2-api streambuffer txw2 woodstox-core \
    xml-resolver xsom dtd-parser; do
    [ -f /usr/share/java/$jar.jar ] && CLASSPATH="$CLASSPATH${CLASSPATH:+:}/usr/share/java/$jar.jar"
done
export CLASSPATH
