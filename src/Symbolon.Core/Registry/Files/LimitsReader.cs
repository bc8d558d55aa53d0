using System.Text.Json;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>spec.limits: { answer: 16MiB, connect: 5s, silence: 60s, call: 10m }</c>, each where the node's own does not fit.</summary>
internal static class LimitsReader
{
    public static UpstreamLimits? Read(ObjectFields spec, UpstreamAddress? upstream, FieldErrors errors)
    {
        if (spec.Value("limits", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, "spec.limits", errors, ["answer", "connect", "silence", "call"]) is not { } fields) return null;
        if (upstream is UpstreamAddress.Stdio && fields.Has("connect"))
            fields.Error("connect", FieldErrorCode.BadValue, "spec.limits.connect has no meaning for a process: nothing is connected to.");
        var limits = new UpstreamLimits
        {
            AnswerBytes = AnswerOf(fields),
            ConnectSeconds = SecondsOf(fields, "connect", UpstreamLimits.MostConnect),
            SilenceSeconds = SecondsOf(fields, "silence", UpstreamLimits.MostSilence),
            CallSeconds = SecondsOf(fields, "call", UpstreamLimits.MostCall),
        };
        return limits == new UpstreamLimits() ? null : limits;
    }

    private static int? AnswerOf(ObjectFields fields)
    {
        if (fields.Text("answer", 64) is not { } text) return null;
        if (ByteSizes.TryParse(text, out var bytes) && bytes is >= UpstreamLimits.LeastAnswer and <= UpstreamLimits.MostAnswer) return bytes;
        fields.Error("answer", FieldErrorCode.BadValue, $"spec.limits.answer must be {ByteSizes.Rule}, {ByteSizes.ToText(UpstreamLimits.LeastAnswer)} to {ByteSizes.ToText(UpstreamLimits.MostAnswer)}.");
        return null;
    }

    private static int? SecondsOf(ObjectFields fields, string name, int most)
    {
        if (fields.Text(name, 64) is not { } text) return null;
        if (Durations.TryParse(text, out var seconds) && seconds <= most) return (int)seconds;
        fields.Error(name, FieldErrorCode.BadValue, $"spec.limits.{name} must be {Durations.Rule}, at most {Durations.ToText(most)}.");
        return null;
    }
}
