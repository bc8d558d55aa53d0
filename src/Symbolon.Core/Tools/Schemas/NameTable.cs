using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Symbolon.Core.Tools.Schemas;

/// <summary>Values by name, found by the name's UTF-8 bytes without a copy.</summary>
internal sealed class NameTable<T> where T : class
{
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> found;

    public NameTable(IEnumerable<(string Name, T Value)> named) =>
        found = named.ToDictionary(each => Encoding.UTF8.GetBytes(each.Name), each => each.Value, BytesComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    public bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out T? value) => found.TryGetValue(name, out value);

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
