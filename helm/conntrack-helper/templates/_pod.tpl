{{/* What every pod has. It never asks Kubernetes for anything. */}}
{{- define "conntrack-helper.pod" -}}
automountServiceAccountToken: false
# They would put CTHELPER_… variables into the environment of a release of that name, and the
# service refuses settings it does not know.
enableServiceLinks: false
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "conntrack-helper.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end -}}

{{/* Health and metrics, for the kubelet and Prometheus. */}}
{{- define "conntrack-helper.managementEnv" -}}
- name: QUARKUS_MANAGEMENT_HOST
  value: 0.0.0.0
- name: QUARKUS_MANAGEMENT_PORT
  value: '9000'
{{- end -}}

{{- define "conntrack-helper.probes" -}}
startupProbe:
  httpGet: { path: /q/health/started, port: management }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /q/health/live, port: management }
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /q/health/ready, port: management }
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}

{{/* Of a container that needs no power at all. */}}
{{- define "conntrack-helper.powerless" -}}
runAsUser: 65534
runAsGroup: 65534
runAsNonRoot: true
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Of the process that serves the API: on the pod's loopback, the proxy is the only way in. */}}
{{- define "conntrack-helper.apiEnv" -}}
- name: QUARKUS_HTTP_HOST
  value: 127.0.0.1
- name: QUARKUS_HTTP_PORT
  value: '9696'
- name: QUARKUS_DATASOURCE_JDBC_URL
  value: {{ .Values.database.url | quote }}
- name: QUARKUS_DATASOURCE_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: {{ .Values.database.usernameKey }}
- name: QUARKUS_DATASOURCE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: {{ .Values.database.passwordKey }}
- name: CTHELPER_ADOPT
  value: {{ .Values.settings.adopt | quote }}
{{- with .Values.settings.allowedHelpers }}
- name: CTHELPER_ALLOWED_HELPERS
  value: {{ join "," . | quote }}
{{- end }}
{{- end -}}

{{/* Certificates of the node stream, wherever they come from; read again when they are renewed. */}}
{{- define "conntrack-helper.certificateEnv" -}}
- name: QUARKUS_TLS_NODES_KEY_STORE_PEM__0__CERT
  value: /etc/nodes-tls/tls.crt
- name: QUARKUS_TLS_NODES_KEY_STORE_PEM__0__KEY
  value: /etc/nodes-tls/tls.key
- name: QUARKUS_TLS_NODES_TRUST_STORE_PEM_CERTS
  value: /etc/nodes-tls/ca.crt
- name: QUARKUS_TLS_NODES_RELOAD_PERIOD
  value: 1m
{{- end -}}
