{{/* The name of everything in a release. */}}
{{- define "conntrack-helper.name" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "conntrack-helper.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Of the executors' pods, which no other selector finds. */}}
{{- define "conntrack-helper.executorSelector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-executor
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "conntrack-helper.labels" -}}
{{ include "conntrack-helper.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}
