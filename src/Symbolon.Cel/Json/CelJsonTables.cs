using System.Numerics;
using System.Text;
using Symbolon.Cel.Values;

namespace Symbolon.Cel.Json;

public sealed partial class CelJson
{
    /// <summary>
    /// For maps and lists with many items: where each item is, and of a map after that its members by a hash of their names, which nobody outside can foresee. Made when it is
    /// asked for first, in time linear in the items.
    /// </summary>
    private sealed class Tables(CelJson json)
    {
        private int[] cells = [];
        private int used;

        public void Clear()
        {
            used = 0;
            if (cells.Length > MostKept) cells = [];
        }

        /// <returns>The place of an item.</returns>
        public int At(int node, int index)
        {
            var start = Of(node);
            return cells[start + index];
        }

        /// <summary>Members that may have this name: all of a small map.</summary>
        public NameSearch Candidates(int node, ReadOnlySpan<byte> name) =>
            json.places[node].Items > Few ? new(json, Of(node) + json.places[node].Items, Slots(node) - 1, Hash(name)) : new(json, node);

        public NameSearch Candidates(int node, in CelValue name) =>
            json.places[node].Items <= Few ? new(json, node) : Candidates(node, name.IsUtf8 ? name.AsUtf8 : Encoding.UTF8.GetBytes(name.AsText()));

        public int Cell(int at) => cells[at];

        private int Of(int node)
        {
            ref var place = ref json.places[node];
            if (place.Table > 0) return place.Table - 1;
            var isMap = place.Kind == '{';
            var (start, slots) = (used, isMap ? Slots(node) : 0);
            used += place.Items + slots;
            if (used > cells.Length) Array.Resize(ref cells, Math.Max(used, cells.Length * 2));
            Array.Clear(cells, start, place.Items + slots);
            var at = start;
            for (var i = node + 1; i < place.Next; i = json.places[i].Next)
            {
                cells[at++] = i;
                if (isMap) Enter(start + place.Items, slots - 1, i);
            }
            place.Table = start + 1;
            return start;
        }

        private void Enter(int first, int mask, int member)
        {
            ref readonly var place = ref json.places[member];
            var slot = Hash((place.Flags & EscapedName) != 0 ? Encoding.UTF8.GetBytes(json.DecodeName(place)) : json.Name(place)) & mask;
            // Place 0 is the root's, and no member's.
            while (cells[first + slot] != 0) slot = (slot + 1) & mask;
            cells[first + slot] = member;
        }

        /// <summary>At least twice as many as members.</summary>
        private int Slots(int node) => (int)BitOperations.RoundUpToPowerOf2((uint)json.places[node].Items * 2);

        private static int Hash(ReadOnlySpan<byte> name)
        {
            var hash = new HashCode();
            hash.AddBytes(name);
            return hash.ToHashCode();
        }
    }

    /// <summary>Walks the members of a map that may have a name.</summary>
    private ref struct NameSearch
    {
        private readonly CelJson json;
        private readonly int node;
        private readonly int first;
        private readonly int mask;
        private int slot;

        public NameSearch(CelJson json, int node) => (this.json, this.node, Current) = (json, node, node);

        public NameSearch(CelJson json, int first, int mask, int hash) => (this.json, this.first, this.mask, slot) = (json, first, mask, hash & mask);

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (mask == 0)
            {
                Current = Current == node ? node + 1 : json.places[Current].Next;
                return Current < json.places[node].Next;
            }
            Current = json.tables.Cell(first + slot);
            slot = (slot + 1) & mask;
            return Current != 0;
        }
    }
}
