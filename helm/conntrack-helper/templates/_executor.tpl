{{/* What a container with an executor needs of the node it runs on. */}}

{{- define "conntrack-helper.executorEnv" -}}
- name: CTHELPER_DATA_DIR
  value: /var/lib/conntrack-helper
- name: CTHELPER_NETNS_DIR
  value: /run/netns
# A pod's own name changes with every start.
- name: CTHELPER_NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
- name: CTHELPER_EXECUTOR_TABLE_OWNER
  value: {{ .Values.settings.tableOwner | quote }}
{{- end -}}

{{/*
Root without its powers: of all capabilities three are left. Another user would have none, because
Kubernetes gives added capabilities to root only. allowPrivilegeEscalation is not set: false is at
odds with SYS_ADMIN, which needs no escalation.
*/}}
{{- define "conntrack-helper.executorSecurity" -}}
runAsUser: 0
runAsGroup: 0
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
  add: [SYS_ADMIN, NET_ADMIN, NET_BROADCAST]
{{- with .Values.seLinuxOptions }}
seLinuxOptions:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "conntrack-helper.executorMounts" -}}
# HostToContainer: namespaces that are made later must appear here too.
- name: namespaces
  mountPath: /run/netns
  mountPropagation: HostToContainer
- name: locks
  mountPath: /run/lock
- name: data
  mountPath: /var/lib/conntrack-helper
{{- end -}}

{{- define "conntrack-helper.executorVolumes" -}}
- name: namespaces
  hostPath: { path: {{ .Values.node.namespaces | quote }}, type: DirectoryOrCreate }
- name: locks
  hostPath: { path: {{ .Values.node.locks | quote }}, type: DirectoryOrCreate }
# On the node and not in a claim: the id and the tombstones are the node's, not the pod's.
- name: data
  hostPath: { path: {{ .Values.node.data | quote }}, type: DirectoryOrCreate }
{{- end -}}
