{{/* HAProxy beside the process that serves the API: it asks for the token. */}}

{{- define "conntrack-helper.proxyContainer" -}}
- name: proxy
  image: {{ printf "%s:%s" .Values.proxy.image.repository .Values.proxy.image.tag | quote }}
  imagePullPolicy: {{ .Values.proxy.image.pullPolicy }}
  command: [haproxy, -db, -f, /etc/proxy/haproxy.cfg]
  env:
    - name: API_TOKEN
      valueFrom:
        secretKeyRef:
          name: {{ .Values.token.existingSecret }}
          key: {{ .Values.token.key }}
  ports:
    - name: api
      containerPort: {{ ternary 8443 8080 (not (empty .Values.tls.existingSecret)) }}
  livenessProbe:
    tcpSocket: { port: api }
  readinessProbe:
    tcpSocket: { port: api }
  {{- include "conntrack-helper.drain" . | nindent 2 }}
  securityContext:
    {{- include "conntrack-helper.powerless" . | nindent 4 }}
  volumeMounts:
    - name: proxy-config
      mountPath: /etc/proxy
      readOnly: true
    {{- if .Values.tls.existingSecret }}
    - name: tls
      mountPath: /etc/tls
      readOnly: true
    {{- end }}
  resources:
    {{- toYaml .Values.proxy.resources | nindent 4 }}
{{- end -}}

{{- define "conntrack-helper.proxyVolumes" -}}
- name: proxy-config
  configMap:
    name: {{ include "conntrack-helper.name" . }}-proxy
{{- if .Values.tls.existingSecret }}
- name: tls
  secret:
    secretName: {{ .Values.tls.existingSecret }}
{{- end }}
{{- end -}}

{{/* With others that take over: clients are led elsewhere before it stops. */}}
{{- define "conntrack-helper.drain" -}}
{{- if and .Values.manyNodes.enabled (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) -}}
lifecycle:
  preStop:
    sleep: { seconds: 5 }
{{- end -}}
{{- end -}}
