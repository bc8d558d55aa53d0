namespace Symbolon.Jose.Json;

/// <summary>The seven kinds of value of RFC 8259 §3.</summary>
public enum JsonKind : byte
{
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}
