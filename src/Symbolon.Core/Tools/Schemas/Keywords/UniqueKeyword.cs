using System.Buffers;
using Symbolon.Jose.Json;

namespace Symbolon.Core.Tools.Schemas.Keywords;

/// <summary><c>uniqueItems</c>: items are told apart by hash, and compared only where those are alike. JSON Schema Validation §6.4.3.</summary>
internal sealed class UniqueKeyword(string path) : Keyword(path, "must not have an item twice")
{
    public override bool Holds(JsonValue value, SchemaRun run)
    {
        if (value.Kind != JsonKind.Array) return true;
        if (!run.Pass(value)) return false;
        var count = 0;
        foreach (var _ in value.Items) count++;
        if (count < 2) return true;
        var hashes = ArrayPool<int>.Shared.Rent(count);
        var places = ArrayPool<(int Offset, int Length)>.Shared.Rent(count);
        var isUnique = IsUnique(value, hashes.AsSpan(0, count), places.AsSpan(0, count), run);
        ArrayPool<int>.Shared.Return(hashes);
        ArrayPool<(int Offset, int Length)>.Shared.Return(places);
        return isUnique || run.Fail(this);
    }

    private bool IsUnique(JsonValue value, Span<int> hashes, Span<(int Offset, int Length)> places, SchemaRun run)
    {
        var index = 0;
        foreach (var item in value.Items)
        {
            hashes[index] = ValueComparison.Hash(item, this, run);
            places[index++] = (item.Offset - value.Offset, item.Length);
            if (run.IsStopped) return false;
        }
        hashes.Sort(places);
        for (var i = 1; i < hashes.Length; i++)
            for (var before = i - 1; before >= 0 && hashes[before] == hashes[i]; before--)
                if (ValueComparison.Same(At(value, places[before]), At(value, places[i]), this, run) || run.IsStopped) return false;
        return true;
    }

    private static JsonValue At(JsonValue array, (int Offset, int Length) place) => JsonValue.Root(array.Raw.Slice(place.Offset, place.Length));
}
